package dev.postern.cli.finding;

import dev.postern.cli.console.CommandEscapes;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Printable;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** JUnit's report format: a failed test a finding, and one that passed where there is none. */
final class JunitFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newFactory().createXMLStreamWriter(CommandEscapes.xml(out));
      int cases = Math.max(1, findings.all().size());
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "postern lint");
      xml.writeAttribute("tests", Integer.toString(cases));
      xml.writeAttribute("failures", Integer.toString(findings.all().size()));
      xml.writeAttribute("errors", "0");
      for (Diagnostic finding : findings.all()) {
        write(finding, findings, xml);
      }
      if (findings.all().isEmpty()) {
        xml.writeCharacters("\n  ");
        xml.writeEmptyElement("testcase");
        xml.writeAttribute("classname", "postern.lint");
        xml.writeAttribute("name", findings.summary());
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

  private static void write(Diagnostic finding, Findings findings, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "postern.lint." + finding.code().id());
    xml.writeAttribute("name", text(finding.origin().toString()));
    xml.writeCharacters("\n    ");
    xml.writeStartElement("failure");
    xml.writeAttribute("type", finding.severity().word());
    xml.writeAttribute("message", text(finding.message()));
    xml.writeCharacters(Printable.lines(findings.explain().apply(finding)));
    xml.writeEndElement();
    xml.writeCharacters("\n  ");
    xml.writeEndElement();
  }

  /** XML 1.0 has no way to say most control characters. */
  private static String text(String text) {
    return Printable.line(text);
  }
}
