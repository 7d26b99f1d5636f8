//! What somebody types and nobody can mean: the future, the same field twice, a value of no list, an
//! answer that a source's silence no longer gives.

use crate::support::House;

#[test]
fn a_correction_says_something_that_can_be_and_that_is_new() {
    let house = House::with_stops(6);
    let (reviewer, reference) = (house.reviewer(), house.some_stop());
    let correct = |fields: &[&str]| {
        let arguments =
            [&["correct", reference.as_str()], fields, &["--reason", "from the notebook"]].concat();
        reviewer.run(&arguments)
    };
    correct(&["at=2090-01-01T10:00"]).fails(&["(at)", "in the future", "Nothing was saved"]);
    correct(&["age=16", "age=17"]).fails(&["“age” is named twice"]);
    correct(&["provenance[1].line=99"]).fails(&["provenance: the system writes where a record came from"]);
    correct(&["operation=Lantern"]).good();
    correct(&["operation=Lantern"]).fails(&["nothing would change", "no version was made"]);
    let shown = reviewer.run(&["show", &reference, "--json"]).good().json();
    assert_eq!(shown["version"], 2);
    reviewer.run(&["show", &reference, "--version", "9"]).fails(&["there is no version 9"]);
    reviewer.run(&["new", "vehicle", "vrm=!!"]).fails(&["(vrm)", "neither letter nor digit"]);
    let label = ["label", &reference, "--reason", "none"];
    reviewer.run(&label).fails(&["nothing would change"]);
}

#[test]
fn who_asserts_a_more_thorough_search_says_where_it_was() {
    let house = House::new();
    let (published, _) = house.publish(&synth::stops::Plan { answers_from: None, ..crate::support::plan(6) });
    let intake = ["intake", "data-police-uk", &crate::support::text(&published)];
    house.administrator().run(&intake).good();
    let (reviewer, reference) = (house.reviewer(), house.some_stop());
    // The source does not say; who corrects something else need not know.
    reviewer.run(&["correct", &reference, "operation=Lantern", "--reason", "from the notebook"]).good();
    let assert = ["correct", &reference, "more-than-outer=yes", "--reason", "from the notebook"];
    reviewer.run(&assert).fails(&["Nothing was saved", "more-thorough-search"]);
}

#[test]
fn a_page_beyond_the_last_and_a_value_of_no_list_are_no_true_noughts() {
    let house = House::with_stops(5);
    let reviewer = house.reviewer();
    let beyond = ["search", "kind:stop-and-search", "--offset", "300"];
    reviewer.run(&beyond).good().says(&["5 in all; none shown from 301 on"]);
    reviewer.run(&["search", "kind:stop-and-search", "--limit", "0"]).good().says(&["5 in all"]);
    reviewer.run(&["search", "missing:plcae"]).fails(&["character 9", "“place” was perhaps meant"]);
    reviewer.run(&["search", "outcome:arest"]).fails(&["character 9", "“arrest” was perhaps meant"]);
    reviewer.run(&["search", "outcome:arrest"]).good();
}
