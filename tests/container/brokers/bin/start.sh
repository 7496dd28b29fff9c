#!/bin/bash
# KAFKA_NODE_ID and its like become node.id in the settings, as in the image apache/kafka.
set -e
env | sed -nE 's/^KAFKA_([A-Z_]+)=/\1=/p' | while IFS='=' read -r name value; do
    name=${name,,}
    echo "${name//_/.}=$value"
done >/tmp/server.properties
echo "log.dirs=/tmp/kafka" >>/tmp/server.properties

java=(java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*')
"${java[@]}" kafka.tools.StorageTool format -t YWNvbml0ZS10ZXN0LTAwMA -c /tmp/server.properties
exec "${java[@]}" kafka.Kafka /tmp/server.properties
