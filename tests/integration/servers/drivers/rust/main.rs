//! What an application sees with sqlx: probe PORT SCENARIO ID.
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{Connection, Error, Executor};
use std::env::args;

async fn work(connection: &mut PgConnection, scenario: &str, id: i32) -> Result<(), Error> {
    let mut transaction = connection.begin().await?;
    let asked = if scenario == "commit" {
        sqlx::query("INSERT INTO notes VALUES ($1)").bind(id)
    } else {
        sqlx::query("UPDATE stock SET n = n - $1").bind(1)
    };
    asked.execute(&mut *transaction).await?;
    transaction.commit().await
}

async fn is_well(connection: &mut PgConnection) -> bool {
    let ended = connection.execute("ROLLBACK").await.is_ok();
    let asked = sqlx::query_scalar::<_, i32>("SELECT $1").bind(1).fetch_one(connection).await;
    ended && matches!(asked, Ok(1))
}

fn sqlstate(error: &Error) -> String {
    let code = error.as_database_error().and_then(|said| said.code());
    code.unwrap_or_default().into_owned()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let said: Vec<String> = args().collect();
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(said[1].parse().unwrap())
        .username("postgres")
        .database("postgres")
        .ssl_mode(PgSslMode::Disable);
    let (connected, done, well) = match PgConnection::connect_with(&options).await {
        Ok(mut connection) => {
            let done = work(&mut connection, &said[2], said[3].parse().unwrap()).await;
            (true, done, is_well(&mut connection).await)
        }
        Err(error) => (false, Err(error), false),
    };
    let (told, code) = match &done {
        Ok(()) => ("committed", String::new()),
        Err(error) => ("", sqlstate(error)),
    };
    println!(
        r#"{{"connected":{connected},"told":"{told}","sqlstate":"{code}","well":{well}}}"#
    );
}
