package dev.postern.cli.command;

/** The formats of an answer. */
enum AnswerFormat {
  text,
  json
}
