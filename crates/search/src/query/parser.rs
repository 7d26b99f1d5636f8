//! From tokens to what is asked for. `OR` binds least, then what stands side by side (or `AND`),
//! then `NOT`.

use super::lexer::{Placed, Token};
use super::{DEEPEST, MOST_TERMS, Node, QueryError};

struct Parser<'a> {
    tokens: &'a [Placed],
    at: usize,
    depth: usize,
    terms: usize,
}

/// Reads tokens as one query.
pub(super) fn parse(tokens: &[Placed]) -> Result<Node, QueryError> {
    let mut parser = Parser { tokens, at: 0, depth: 0, terms: 0 };
    if tokens.is_empty() {
        return Err(QueryError::new(
            1,
            "something to look for was expected: a word, a number, a date or a reference",
        ));
    }
    let node = parser.either()?;
    match parser.peek() {
        None => Ok(node),
        Some((at, Token::Close)) => {
            Err(QueryError::new(*at, "this parenthesis closes nothing: “(” was expected before it"))
        }
        Some((at, _)) => Err(QueryError::new(*at, "something to look for was expected here")),
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Placed> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, wanted: &Token) -> bool {
        let is_next = self.peek().is_some_and(|(_, token)| token == wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn either(&mut self) -> Result<Node, QueryError> {
        let mut ways = vec![self.both()?];
        while self.eat(&Token::Or) {
            ways.push(self.both()?);
        }
        Ok(one_or(ways, Node::Any))
    }

    fn both(&mut self) -> Result<Node, QueryError> {
        let mut parts = vec![self.one()?];
        loop {
            let and = self.eat(&Token::And);
            match self.peek() {
                Some((_, Token::Or | Token::Close)) | None if !and => break,
                _ => parts.push(self.one()?),
            }
        }
        Ok(one_or(parts, Node::All))
    }

    fn one(&mut self) -> Result<Node, QueryError> {
        let Some((at, token)) = self.peek() else {
            let end = self.tokens.last().map_or(1, |(at, _)| at + 1);
            return Err(QueryError::new(end, "the query ends too early: something to look for was expected"));
        };
        self.at += 1;
        match token {
            Token::Want(node, cost) => self.want(*at, node, *cost),
            Token::Not => self.deeper(*at, Self::one).map(|node| Node::Not(Box::new(node))),
            Token::Open => self.group(*at),
            Token::Close => Err(QueryError::new(*at, "something to look for was expected before “)”")),
            Token::Or | Token::And => Err(QueryError::new(
                *at,
                "something to look for was expected before this word; put it in quotation marks to look for the word itself",
            )),
        }
    }

    fn want(&mut self, at: usize, node: &Node, cost: usize) -> Result<Node, QueryError> {
        self.terms += cost;
        if self.terms > MOST_TERMS {
            return Err(QueryError::new(
                at,
                format!("a query may have at most {MOST_TERMS} terms: the end was expected here"),
            ));
        }
        Ok(node.clone())
    }

    fn group(&mut self, open: usize) -> Result<Node, QueryError> {
        let node = self.deeper(open, Self::either)?;
        match self.eat(&Token::Close) {
            true => Ok(node),
            false => Err(QueryError::new(open, "this parenthesis is not closed: “)” was expected after it")),
        }
    }

    fn deeper(
        &mut self,
        at: usize,
        read: impl FnOnce(&mut Self) -> Result<Node, QueryError>,
    ) -> Result<Node, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(QueryError::new(
                at,
                format!("at most {DEEPEST} parentheses or NOTs may stand within each other"),
            ));
        }
        let node = read(self)?;
        self.depth -= 1;
        Ok(node)
    }
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => many(nodes),
    }
}
