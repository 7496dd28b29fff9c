# Sends an order five times a second to Kafka, which it takes to be on localhost, and receives them.
PATH=$PATH:/opt/kafka/bin
now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

while sleep 0.2; do now; done |
    kafka-console-producer.sh --bootstrap-server localhost:9092 --topic orders \
        --timeout 1 &
kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic orders |
    while read -r sent; do
        echo "order stored after $(($(now) - sent)) ms"
        touch /tmp/arrived
    done
