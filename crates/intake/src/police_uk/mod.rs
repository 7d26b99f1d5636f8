//! What the police publish on data.police.uk, under the Open Government Licence: CSV files named
//! `YYYY-MM-FORCE-SORT.csv`, often in a folder for each month.

pub mod columns;
pub mod crimes;
mod forces;
pub mod stops;

use crate::connector::{Connector, Recognised, Table};

/// The connector `data-police-uk`.
#[derive(Debug, Clone, Copy, Default)]
pub struct DataPoliceUk;

/// The sorts of file that are known so far, by the end of their names.
const SORTS: &[(&str, &Table)] =
    &[("stop-and-search", &stops::TABLE), ("street", &crimes::STREET), ("outcomes", &crimes::OUTCOMES)];

impl Connector for DataPoliceUk {
    fn name(&self) -> &'static str {
        "data-police-uk"
    }

    fn version(&self) -> u32 {
        2
    }

    fn licence(&self) -> &'static str {
        "Open Government Licence v3.0"
    }

    fn file_names(&self) -> &'static str {
        "YYYY-MM-FORCE-SORT.csv, where SORT is stop-and-search, street or outcomes, for instance \
         2023-01-metropolitan-stop-and-search.csv"
    }

    fn recognise(&self, file_name: &str) -> Option<Recognised> {
        let source = file_name.strip_suffix(".csv")?;
        let (period, force_and_sort) = source.split_at_checked(7)?;
        let force_and_sort = force_and_sort.strip_prefix('-')?;
        let (force, table) = SORTS.iter().find_map(|(sort, table)| {
            let force = force_and_sort.strip_suffix(sort)?.strip_suffix('-')?;
            is_slug(force).then_some((force, *table))
        })?;
        let unit = Some(forces::name(force).to_owned());
        is_month(period).then(|| Recognised {
            source: source.to_owned(),
            period: period.to_owned(),
            unit,
            table,
        })
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'-')
}

fn is_month(text: &str) -> bool {
    let Some((year, month)) = text.split_once('-') else { return false };
    let is_number = |part: &str| part.bytes().all(|octet| octet.is_ascii_digit());
    year.len() == 4 && is_number(year) && is_number(month) && matches!(month.parse(), Ok(1..=12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_month_force_and_sort() {
        let file = DataPoliceUk.recognise("2018-04-city-of-london-stop-and-search.csv").unwrap();
        assert_eq!(file.period, "2018-04");
        assert_eq!(file.source, "2018-04-city-of-london-stop-and-search");
        assert_eq!(file.table.kind, model::kinds::stop_and_search::KIND.number);
        assert_eq!(file.unit.as_deref(), Some("City of London Police"), "as street files name it");
        for sort in ["street", "outcomes"] {
            let file = DataPoliceUk.recognise(&format!("2023-01-lampshire-{sort}.csv")).unwrap();
            assert_eq!(file.table.kind, model::kinds::crime::KIND.number);
            assert_eq!(file.unit.as_deref(), Some("lampshire"));
        }
    }

    #[test]
    fn other_names_are_not_ours() {
        for name in [
            "2018-04-city-of-london-streets.csv",
            "2018-04-street.csv",
            "2018-13-city-of-london-stop-and-search.csv",
            "2018-00-city-of-london-stop-and-search.csv",
            "2018-4-city-of-london-stop-and-search.csv",
            "2018-04-stop-and-search.csv",
            "2018-04-city-of-london-stop-and-search.csv.gz",
            "2018-04-City-stop-and-search.csv",
            "2018-0é-a-stop-and-search.csv",
            "stop-and-search.csv",
            ".csv",
            "",
        ] {
            assert!(DataPoliceUk.recognise(name).is_none(), "{name}");
        }
    }
}
