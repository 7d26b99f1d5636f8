//! The manual names no command that there is not: each command line in it is read as the program reads it, as far
//! as its words and the names of its options go.

use crate::arguments::Arguments;
use clap::CommandFactory;

/// What is wrong with a command line, if anything.
fn wrong(line: &str) -> Option<String> {
    let root = Arguments::command();
    let mut command = &root;
    let mut words = unquoted(line).into_iter().skip(1).peekable();
    while let Some(below) = words.peek().and_then(|word| command.find_subcommand(word)) {
        command = below;
        words.next();
    }
    let has_below = command.get_subcommands().next().is_some();
    if let Some(word) = words.peek().filter(|word| has_below && !word.starts_with('-')) {
        return Some(format!("there is no command “{word}”"));
    }
    let known: Vec<&str> =
        command.get_arguments().chain(root.get_arguments()).filter_map(clap::Arg::get_long).collect();
    let mut options = words.filter_map(|word| word.strip_prefix("--").map(str::to_owned));
    options
        .find(|option| !known.contains(&option.as_str()))
        .map(|option| format!("there is no option --{option}"))
}

/// The words of a line, with what stands in quotation marks left out.
fn unquoted(line: &str) -> Vec<String> {
    let outside = line.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
    outside.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn each_command_in_the_manual_exists() {
    let named = manual::pages()
        .iter()
        .flat_map(|page| manual::named(page).into_iter().map(move |named| (page, named)));
    let mut read = 0;
    for (page, named) in named {
        read += 1;
        assert_eq!(wrong(&named.0), None, "{}: {}", page.name, named.0);
    }
    assert!(read > 10, "only {read} commands were found in the manual");
}

#[test]
fn what_does_not_exist_is_noticed() {
    assert_eq!(wrong("bluelamp doctor"), None);
    assert!(wrong("bluelamp heal").is_some());
    assert!(wrong("bluelamp keys spin").is_some());
    assert!(wrong("bluelamp keys turn --sideways").is_some());
    assert_eq!(wrong("bluelamp search 'a --b c' --purpose 'x y'"), None);
}
