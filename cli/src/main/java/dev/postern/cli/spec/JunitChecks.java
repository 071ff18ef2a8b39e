package dev.postern.cli.spec;

import dev.postern.cli.console.CommandEscapes;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.spec.Check.Result;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** JUnit's report format: a test case a statement; what is undecided, or no statement about this cluster, is an error. */
final class JunitChecks {

  private JunitChecks() {}

  static void write(CheckReport report, Printer out) {
    List<CheckedLine> lines = report.lines();
    long failures = report.count(Result.FAILS);
    long errors = report.count(Result.UNDECIDED) + report.count(Result.BAD);
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newFactory().createXMLStreamWriter(CommandEscapes.xml(out));
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "postern test");
      xml.writeAttribute("tests", Integer.toString(lines.size()));
      xml.writeAttribute("failures", Long.toString(failures));
      xml.writeAttribute("errors", Long.toString(errors));
      for (CheckedLine line : lines) {
        write(line, xml);
      }
      if (report.coverage().isPresent()) {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("system-out");
        for (String line : report.coverageLines()) {
          xml.writeCharacters(Printable.line(line) + "\n");
        }
        xml.writeEndElement();
      }
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.flush();
      out.println();
    } catch (XMLStreamException problem) {
      throw new IllegalStateException(problem);
    }
  }

  /** A test that came to an error. */
  static void unfinished(String why, Printer out) {
    write(
        CheckReport.of(List.of(new CheckedLine(
            "postern test", 0, "unfinished", Result.UNDECIDED, why, Optional.empty(), List.of()))),
        out);
  }

  private static void write(CheckedLine line, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", Printable.line(line.place()));
    xml.writeAttribute("name", Printable.line(line.sentence()));
    if (line.result() != Result.HOLDS) {
      xml.writeStartElement(line.result() == Result.FAILS ? "failure" : "error");
      xml.writeAttribute("message", Printable.line(line.detail()));
      xml.writeCharacters(
          line.witness().map(w -> Printable.line(w.flow().toString())).orElse(""));
      for (String reason : line.because()) {
        xml.writeCharacters("\n" + Printable.line(reason));
      }
      xml.writeEndElement();
    }
    if (!line.notes().isEmpty()) {
      xml.writeStartElement("system-out");
      for (String note : line.notes()) {
        xml.writeCharacters("note: " + Printable.line(note) + "\n");
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }
}
