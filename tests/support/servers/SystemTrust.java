import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Writes a trust store with what Java trusts by itself and the certificates of a bundle, unless
 * Java trusts all of these anyway: java SystemTrust.java BUNDLE STORE
 */
class SystemTrust {
    public static void main(String[] arguments) throws Exception {
        Set<Certificate> trusted = new LinkedHashSet<>();
        var standard = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        standard.init((KeyStore) null);
        for (var manager : standard.getTrustManagers()) {
            if (manager instanceof X509TrustManager ours) {
                trusted.addAll(Arrays.asList(ours.getAcceptedIssuers()));
            }
        }
        var certificates = CertificateFactory.getInstance("X.509");
        try (var bundle = Files.newInputStream(Path.of(arguments[0]))) {
            if (!trusted.addAll(certificates.generateCertificates(bundle))) {
                return;
            }
        }
        // Of this type, because it can be read without a password.
        var store = KeyStore.getInstance("JKS");
        store.load(null, null);
        for (var each : trusted) {
            store.setCertificateEntry("authority-" + store.size(), each);
        }
        try (var file = Files.newOutputStream(Path.of(arguments[1]))) {
            store.store(file, "changeit".toCharArray());
        }
    }
}
