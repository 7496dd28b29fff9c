# Stores an order five times a second in PostgreSQL, which it takes to be on localhost.
now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

psql -qc "CREATE TABLE IF NOT EXISTS orders (id serial, at timestamptz DEFAULT now())" || exit
while sleep 0.2; do
    began=$(now)
    if psql -qc "INSERT INTO orders DEFAULT VALUES"; then
        echo "order stored after $(($(now) - began)) ms"
    else
        echo "order lost after $(($(now) - began)) ms"
    fi
done
