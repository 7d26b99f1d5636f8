//! The statement for a need: each thing that is asked for is a join or a condition, and adds to the score.

use super::super::flat::{national, plain};
use super::super::needs::{Asks, Need};
use super::words_of;
use crate::Fault;
use model::PartialDate;
use model::identifiers::vrm;
use sqlx::{Postgres, QueryBuilder};

/// How much must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Everything that is asked for.
    All,
    /// Names, numbers and marks where they are asked for; of the words, any one, and only for the order
    /// where something else must fit.
    Some,
}

/// Years by which a year of birth may be off, as the name test says.
const OFF: i16 = 2;

/// The statement for a need. Its rows are `id`, in 16 octets, and `total`.
///
/// # Errors
/// Where the number of answers is too large.
pub fn statement(need: &Need, stage: Stage, most: usize) -> Result<QueryBuilder<Postgres>, Fault> {
    let asks = &need.asks;
    let mut sql = QueryBuilder::new("");
    match asks.names.as_deref().filter(|_| names_alone(asks)) {
        Some(names) => by_names(&mut sql, names, asks),
        None => by_all(&mut sql, need, stage),
    }
    sql.push(" ORDER BY score DESC, id DESC LIMIT ").push_bind(i64::try_from(most)?);
    Ok(sql)
}

fn names_alone(asks: &Asks) -> bool {
    asks.phone.is_none()
        && asks.mark.is_none()
        && asks.words.is_none()
        && asks.near.is_none()
        && asks.from.is_none()
}

/// Names and dates of birth lie in one table: nothing is joined.
fn by_names(sql: &mut QueryBuilder<Postgres>, names: &str, asks: &Asks) {
    sql.push("SELECT uuid_send(id) AS id, max(s) AS score, count(*) OVER () AS total FROM ");
    similar_names(sql, names, asks);
    sql.push(" n GROUP BY id");
}

/// `(SELECT id, s …)` of names that are similar enough, of somebody who may be born then.
fn similar_names(sql: &mut QueryBuilder<Postgres>, names: &str, asks: &Asks) {
    let names = plain(names);
    sql.push("(SELECT id, similarity(name, ").push_bind(names.clone()).push(")");
    if let Some(born) = asks.born() {
        fits_better(sql, born);
    }
    sql.push(" AS s FROM names WHERE name % ").push_bind(names);
    if let Some(kind) = asks.kind_number() {
        sql.push(" AND kind = ").push_bind(kind as i16);
    }
    if let Some(year) = asks.born().and_then(|born| born.year) {
        sql.push(" AND (year IS NULL OR year BETWEEN ").push_bind(year - OFF);
        sql.push(" AND ").push_bind(year + OFF).push(")");
    }
    sql.push(")");
}

/// What of a date of birth is right adds to the score; day and month may be swapped.
fn fits_better(sql: &mut QueryBuilder<Postgres>, born: PartialDate) {
    if let Some(year) = born.year {
        sql.push(" + CASE WHEN year = ").push_bind(year).push(" THEN 0.1 ELSE 0 END");
    }
    let Some(month) = born.month else { return };
    sql.push(" + CASE WHEN month = ").push_bind(i16::from(month));
    if let Some(day) = born.day {
        sql.push(" AND day = ").push_bind(i16::from(day));
        sql.push(" OR day = ").push_bind(i16::from(month));
        sql.push(" AND month = ").push_bind(i16::from(day));
    }
    sql.push(" THEN 0.2 ELSE 0 END");
}

fn by_all(sql: &mut QueryBuilder<Postgres>, need: &Need, stage: Stage) {
    let asks = &need.asks;
    let (names, phone, mark) = (asks.names.as_deref(), asks.phone.as_deref(), asks.mark.as_deref());
    let has_join = names.is_some() || phone.is_some() || mark.is_some();
    let words = asks.words.clone().or_else(|| asks.is_plain().then(|| need.text.clone()));
    let document = words.map(|words| document_query(&words, stage));
    sql.push("SELECT uuid_send(r.id) AS id, (0");
    let scores = [("n", names.is_some()), ("p", phone.is_some()), ("m", mark.is_some())];
    for (table, _) in scores.iter().filter(|(_, is_asked)| *is_asked) {
        sql.push(format!(" + {table}.s"));
    }
    if let Some(query) = &document {
        sql.push(" + ts_rank(r.document, to_tsquery('english', ").push_bind(query.clone()).push("))");
    }
    sql.push(") AS score, count(*) OVER () AS total FROM records r");
    if let Some(names) = names {
        sql.push(" JOIN (SELECT id, max(s) AS s FROM ");
        similar_names(sql, names, asks);
        sql.push(" x GROUP BY id) n USING (id)");
    }
    if let Some(phone) = phone {
        similar_values(sql, "phones", "p", &national(phone));
    }
    if let Some(mark) = mark {
        similar_values(sql, "marks", "m", &vrm::look_alike(mark).to_lowercase());
    }
    sql.push(" WHERE true");
    if let Some(query) = document.filter(|_| stage == Stage::All || !has_join) {
        sql.push(" AND r.document @@ to_tsquery('english', ").push_bind(query).push(")");
    }
    conditions(sql, asks);
}

/// A join with numbers or marks of which this is a part, or that are similar enough.
fn similar_values(sql: &mut QueryBuilder<Postgres>, table: &str, name: &str, value: &str) {
    let part = format!("%{}%", value.replace(['%', '_', '\\'], ""));
    sql.push(" JOIN (SELECT id, max(similarity(value, ").push_bind(value.to_owned());
    sql.push(") + CASE WHEN value LIKE ").push_bind(part.clone()).push(" THEN 1 ELSE 0 END) AS s FROM ");
    sql.push(table).push(" WHERE value LIKE ").push_bind(part);
    sql.push(" OR value % ").push_bind(value.to_owned());
    sql.push(format!(" GROUP BY id) {name} USING (id)"));
}

fn conditions(sql: &mut QueryBuilder<Postgres>, asks: &Asks) {
    if let Some(kind) = asks.kind_number() {
        sql.push(" AND r.kind = ").push_bind(kind as i16);
    }
    if let Some((from, to)) = asks.period() {
        sql.push(" AND r.at >= ").push_bind(from).push(" AND r.at < ").push_bind(to);
    }
    if let Some(near) = asks.near {
        let (north, east) = near.reach();
        let millionths = |degrees: f64| (degrees * 1e6) as i32;
        sql.push(" AND r.latitude BETWEEN ").push_bind(millionths(near.latitude - north));
        sql.push(" AND ").push_bind(millionths(near.latitude + north));
        sql.push(" AND r.longitude BETWEEN ").push_bind(millionths(near.longitude - east));
        sql.push(" AND ").push_bind(millionths(near.longitude + east));
    }
    if asks.names.is_none()
        && let Some(born) = asks.born()
    {
        sql.push(" AND r.id IN (SELECT id FROM names WHERE true");
        for (column, part) in
            [("year", born.year), ("month", born.month.map(i16::from)), ("day", born.day.map(i16::from))]
        {
            if let Some(part) = part {
                sql.push(format!(" AND {column} = ")).push_bind(part);
            }
        }
        sql.push(")");
    }
}

/// All words, or any of them.
fn document_query(words: &str, stage: Stage) -> String {
    let words = words_of(words);
    words.join(if stage == Stage::All { " & " } else { " | " })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workloads::search::needs::Asks;

    fn sql_of(asks: Asks, stage: Stage) -> String {
        let need = Need {
            need: "n".into(),
            type_of: "t".into(),
            text: "jhon smith".into(),
            fielded: None,
            asks,
            relevant: Vec::new(),
            flags: Vec::new(),
        };
        statement(&need, stage, 20).unwrap().sql().as_str().to_owned()
    }

    #[test]
    fn names_touch_no_other_table() {
        let asks = Asks { names: Some("jhon smith".into()), born: Some("1987".into()), ..Asks::default() };
        let sql = sql_of(asks, Stage::All);
        assert!(sql.contains("FROM names WHERE name %") && !sql.contains("records"), "{sql}");
        assert!(sql.contains("year BETWEEN"), "{sql}");
    }

    #[test]
    fn words_must_fit_first_and_only_order_later() {
        let asks = || Asks { names: Some("jhon".into()), words: Some("lampton".into()), ..Asks::default() };
        assert!(sql_of(asks(), Stage::All).contains("AND r.document @@"));
        assert!(!sql_of(asks(), Stage::Some).contains("AND r.document @@"));
        assert!(sql_of(Asks::default(), Stage::Some).contains("AND r.document @@"));
    }
}
