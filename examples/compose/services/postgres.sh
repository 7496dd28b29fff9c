# Stores an order five times a second in PostgreSQL, which it takes to be on localhost. When a commit
# gets no answer it tries again, once; by the key that makes no second order.
now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
store() {
    psql -q -v ON_ERROR_STOP=1 -c BEGIN \
        -c "INSERT INTO orders (key) VALUES ('$1') ON CONFLICT DO NOTHING" -c COMMIT
}

psql -qc "CREATE TABLE IF NOT EXISTS orders (key uuid PRIMARY KEY, at timestamptz DEFAULT now())" ||
    exit
while sleep 0.2; do
    began=$(now)
    key=$(</proc/sys/kernel/random/uuid)
    if store "$key" || { echo "order $key: no answer, again"; store "$key"; }; then
        echo "order stored after $(($(now) - began)) ms"
    else
        echo "order lost after $(($(now) - began)) ms"
    fi
done
