use super::*;
use proptest::prelude::*;

/// Hands out a few octets at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let octets = self.1.min(into.len()).min(self.0.len());
        let (now, later) = self.0.split_at(octets);
        into[..octets].copy_from_slice(now);
        self.0 = later;
        Ok(octets)
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Got {
    line: u64,
    fields: Result<Vec<String>, LineFault>,
    unended: bool,
    raw: Vec<u8>,
    after: Position,
    resumable: bool,
}

fn read_from(source: impl Read, position: Position, columns: usize) -> Vec<Got> {
    let mut reader = Reader::new(source, position);
    let mut all = Vec::new();
    loop {
        let Some(record) = reader.next(columns).unwrap() else { return all };
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).trim().to_owned();
        let fields = record.fields.map(|fields| fields.iter().map(text).collect());
        let (line, unended, raw) = (record.line, record.unended, record.raw.to_vec());
        let (after, resumable) = (reader.position(), !reader.is_reading_one_by_one());
        all.push(Got { line, fields, unended, raw, after, resumable });
    }
}

fn read(octets: &[u8], columns: usize) -> Vec<Got> {
    read_from(octets, Position::default(), columns)
}

fn fields(got: &[Got]) -> Vec<Result<Vec<&str>, LineFault>> {
    got.iter()
        .map(|got| got.fields.as_ref().map(|f| f.iter().map(String::as_str).collect()).map_err(|e| *e))
        .collect()
}

#[test]
fn plain_rows_whatever_the_line_ends() {
    for text in ["a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\n\n\r\nc,d", "\u{feff}a,b\n\"c\",\"d\"\r\n"] {
        assert_eq!(fields(&read(text.as_bytes(), 2)), [Ok(vec!["a", "b"]), Ok(vec!["c", "d"])], "{text:?}");
    }
}

#[test]
fn a_quoted_field_may_hold_line_breaks_commas_and_marks() {
    let got = read(b"a,x,\"b\nc, \"\"d\"\"\"\ne,x,f\n", 3);
    assert_eq!(fields(&got), [Ok(vec!["a", "x", "b\nc, \"d\""]), Ok(vec!["e", "x", "f"])]);
    assert_eq!((got[0].line, got[1].line), (1, 3));
}

#[test]
fn a_stray_mark_costs_its_own_line_only() {
    let got = read(b"a,\"b\nc,d\ne,f\"\ng,h\n", 2);
    let fault = Err(LineFault::QuoteNotClosed);
    assert_eq!(fields(&got), [fault, Ok(vec!["c", "d"]), Ok(vec!["e", "f\""]), Ok(vec!["g", "h"])]);
    assert_eq!(got.iter().map(|got| got.line).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn two_stray_marks_in_one_column_do_not_join_their_rows() {
    let got = read(b"a,\"b,c\nd,e\",f\n", 3);
    assert_eq!(fields(&got), [Err(LineFault::QuoteNotClosed), Ok(vec!["d", "e\"", "f"])]);
}

#[test]
fn a_stray_mark_does_not_swallow_megabytes() {
    let mut text = b"a,\"b\n".to_vec();
    text.extend(b"c,d\n".repeat(LINE_LIMIT));
    let got = read(&text, 2);
    assert_eq!(got.len(), LINE_LIMIT + 1);
    assert_eq!(got[0].fields, Err(LineFault::QuoteNotClosed));
    assert!(got[1..].iter().all(|got| got.fields.as_ref().is_ok_and(|fields| fields == &["c", "d"])));
}

#[test]
fn marks_that_open_on_every_line_are_read_in_linear_time() {
    // Seen alone each line leaves a mark open; seen from inside a quoted field each keeps it open.
    let text = b"a\",\"\"\"\n".repeat(400_000);
    let got = read(&text, 2);
    assert!(got.len() > 300_000);
    assert_eq!(got.last().unwrap().after.offset, text.len() as u64);
}

#[test]
fn a_line_that_is_too_long_is_passed_over_in_bounded_memory() {
    struct Long(u64);
    impl Read for Long {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let octets = into.len().min(usize::try_from(self.0).unwrap());
            into[..octets].fill(b'x');
            self.0 -= octets as u64;
            Ok(octets)
        }
    }
    let length = 100 * 1024 * 1024;
    let source = (&b"a,b\n"[..]).chain(Long(length)).chain(&b"\nc,d\n"[..]);
    let mut reader = Reader::new(source, Position::default());
    assert!(reader.next(2).unwrap().unwrap().fields.is_ok());
    let long = reader.next(2).unwrap().unwrap();
    assert_eq!((long.line, long.raw.len(), long.fields.err()), (2, KEPT, Some(LineFault::TooLong)));
    assert_eq!(reader.position(), Position { offset: 4 + length + 1, line: 2 });
    assert!(reader.buffer.capacity() <= 4 * LINE_LIMIT, "{}", reader.buffer.capacity());
    assert_eq!(reader.next(2).unwrap().unwrap().line, 3);
    assert!(reader.next(2).unwrap().is_none());
}

#[test]
fn the_limit_is_exact() {
    let longest = [vec![b'x'; LINE_LIMIT - 1], b"\n".to_vec()].concat();
    assert!(read(&longest, 1)[0].fields.is_ok());
    let longer = [vec![b'x'; LINE_LIMIT], b"\n".to_vec()].concat();
    assert_eq!(read(&longer, 1)[0].fields, Err(LineFault::TooLong));
    assert!(read(&longer[..LINE_LIMIT], 1)[0].unended);
}

#[test]
fn a_file_that_ends_without_a_line_end_says_so() {
    let got = read(b"a,b\nc", 2);
    assert!(!got[0].unended && got[1].unended);
    assert_eq!((got[1].raw.as_slice(), got[1].after), (&b"c"[..], Position { offset: 5, line: 2 }));
    let got = read(b"a,\"b", 2);
    assert_eq!((&got[0].fields, got[0].unended), (&Err(LineFault::QuoteNotClosed), true));
}

fn awkward() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => Just(b",".to_vec()),
        4 => Just(b"\"".to_vec()),
        4 => Just(b"\n".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        4 => Just(b"a".to_vec()),
        1 => any::<u8>().prop_map(|octet| vec![octet]),
        1 => Just("é\u{feff}".as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_octet_is_passed_once_and_in_order(text in awkward(), columns in 0usize..4) {
        let got = read(&text, columns);
        let mut lines = 0;
        let mut offset = 0;
        for got in &got {
            prop_assert!(got.line > lines && got.after.offset > offset);
            let between = &text[offset as usize..got.after.offset as usize];
            prop_assert!(between.ends_with(&got.raw), "the raw line stands in the file");
            let blank = &between[..between.len() - got.raw.len()];
            let is_blank = blank.iter().all(|octet| matches!(octet, b'\r' | b'\n'));
            prop_assert!(is_blank, "only blank lines are passed over");
            (lines, offset) = (got.after.line, got.after.offset);
        }
        prop_assert!(text[offset as usize..].iter().all(|octet| matches!(octet, b'\r' | b'\n')));
    }

    #[test]
    fn it_does_not_matter_how_the_octets_arrive(text in awkward(), columns in 0usize..4, octets in 1usize..7) {
        prop_assert_eq!(read(&text, columns), read_from(Drip(&text, octets), Position::default(), columns));
    }

    #[test]
    fn reading_on_gives_what_reading_through_gives(text in awkward(), columns in 1usize..4) {
        let whole = read(&text, columns);
        for (at, stop) in whole.iter().enumerate().filter(|(_, got)| got.resumable) {
            let rest = read_from(&text[stop.after.offset as usize..], stop.after, columns);
            prop_assert_eq!(&whole[at + 1..], rest.as_slice());
        }
    }

    #[test]
    fn written_fields_are_read_back(
        rows in prop::collection::vec(("[ -~é\"]{0,8}", "[ -+.-~é\n\"]{0,12}", "[ -~é\"]{0,8}"), 1..8),
    ) {
        let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
        let mut text = String::new();
        let mut expected = Vec::new();
        for (one, two, three) in &rows {
            let last = three.replace(',', ";");
            let row = [one, two, &last];
            text += &(row.map(quoted).join(",") + "\n");
            expected.push(Ok(row.map(|field| field.trim().to_owned()).to_vec()));
        }
        let got: Vec<_> = read(text.as_bytes(), 3).into_iter().map(|got| got.fields).collect();
        prop_assert_eq!(got, expected);
    }
}
