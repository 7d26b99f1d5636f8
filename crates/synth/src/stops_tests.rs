use super::*;

fn plan() -> Plan {
    Plan {
        seed: 7,
        force: "wessex".to_owned(),
        first: "2023-11".parse().unwrap(),
        last: "2024-04".parse().unwrap(),
        rows_per_month: 2_000,
        answers_from: Some("2024-02".parse().unwrap()),
        faulty_in_a_thousand: 0,
        cut_last_row: false,
    }
}

fn written(plan: &Plan) -> (Written, Vec<Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let mut written = write(folder.path(), plan).unwrap();
    let octets = written.files.iter().map(|file| fs::read(file).unwrap()).collect();
    for file in &mut written.files {
        *file = file.strip_prefix(folder.path()).unwrap().to_owned();
    }
    (written, octets)
}

#[test]
fn the_same_seed_gives_the_same_octets() {
    let one = written(&plan());
    assert_eq!(one, written(&plan()));
    assert_ne!(one.1, written(&Plan { seed: 8, ..plan() }).1);
    assert_eq!(one.0.files.len(), 6);
    assert_eq!(one.0.files[0].to_str(), Some("2023-11/2023-11-wessex-stop-and-search.csv"));
}

#[test]
fn the_truth_is_what_stands_in_the_files() {
    let (truth, files) = written(&plan());
    let mut counted = Written { files: truth.files.clone(), ..Written::default() };
    for file in &files {
        let text = std::str::from_utf8(file).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(HEADER));
        let mut seen = BTreeSet::new();
        for line in lines {
            let fields: Vec<String> = line.split(',').map(str::to_owned).collect();
            counted.rows += 1;
            counted.count_good(&fields.try_into().unwrap(), !seen.insert(line));
        }
    }
    assert_eq!(truth, counted);
    assert_eq!((truth.rows, truth.good, truth.faulty), (12_000, 12_000, 0));
    assert_eq!(truth.removal_not_published, 6_000);
    assert!((900..1_400).contains(&truth.without_place), "{}", truth.without_place);
    assert!(truth.more_than_outer > 50 && truth.more_than_outer_of_child > 5 && truth.identical > 100);
}

#[test]
fn places_are_in_britain_and_times_in_their_month() {
    for seed in 0..40 {
        let plan = Plan { seed, ..plan() };
        let mut random = Random::new(seed);
        let (latitude, longitude) = Grid::of(&plan).point(&mut random);
        let (latitude, longitude): (f64, f64) = (latitude.parse().unwrap(), longitude.parse().unwrap());
        assert!((51.0..53.3).contains(&latitude) && (-2.3..-0.4).contains(&longitude));
        let summer: jiff::Timestamp = instant(&mut random, Month::new(2024, 6).unwrap()).parse().unwrap();
        let first: jiff::Timestamp = "2024-06-01T00:00:00+01:00".parse().unwrap();
        let after: jiff::Timestamp = "2024-07-01T00:00:00+01:00".parse().unwrap();
        assert!(first <= summer && summer < after, "{summer}");
    }
}

#[test]
fn faults_are_counted() {
    let plan = Plan { faulty_in_a_thousand: 50, cut_last_row: true, ..plan() };
    let (truth, files) = written(&plan);
    assert_eq!(truth.rows, 12_001);
    assert_eq!(truth.good + truth.faulty, truth.rows);
    assert_eq!(truth.faulty_by_column.values().sum::<u64>(), truth.faulty);
    assert!((500..700).contains(&truth.faulty), "{}", truth.faulty);
    assert!(!files.last().unwrap().ends_with(b"\n"));
}

#[test]
fn a_plan_that_cannot_be_followed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for force in ["", "Wessex", "../wessex", "wessex 1"] {
        let refused = write(folder.path(), &Plan { force: force.to_owned(), ..plan() });
        assert!(matches!(refused, Err(SynthError::ForceName(_))), "{force}");
    }
    let refused = write(folder.path(), &Plan { last: "2023-10".parse().unwrap(), ..plan() });
    assert!(matches!(refused, Err(SynthError::Months { .. })));
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(matches!(write(&file, &plan()), Err(SynthError::NotWritten { .. })));
}
