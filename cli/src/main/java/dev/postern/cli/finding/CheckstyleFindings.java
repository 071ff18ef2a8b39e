package dev.postern.cli.finding;

import dev.postern.cli.console.CommandEscapes;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Checkstyle's report, which many CI systems read: an element a file, and in it one a finding. */
final class CheckstyleFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    Map<String, List<Diagnostic>> byFile = new LinkedHashMap<>();
    findings
        .all()
        .forEach(finding -> byFile
            .computeIfAbsent(findings.place(finding.origin()).file(), file -> new ArrayList<>())
            .add(finding));
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newFactory().createXMLStreamWriter(CommandEscapes.xml(out));
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("checkstyle");
      xml.writeAttribute("version", "10.0");
      for (Map.Entry<String, List<Diagnostic>> file : byFile.entrySet()) {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("file");
        xml.writeAttribute("name", Printable.line(file.getKey()));
        for (Diagnostic finding : file.getValue()) {
          write(finding, findings.place(finding.origin()), xml);
        }
        xml.writeCharacters("\n  ");
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

  private static void write(Diagnostic finding, Origin place, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeEmptyElement("error");
    xml.writeAttribute("line", Integer.toString(Math.max(1, place.line())));
    if (place.column() > 0) {
      xml.writeAttribute("column", Integer.toString(place.column()));
    }
    xml.writeAttribute("severity", finding.severity().word());
    xml.writeAttribute("message", Printable.line(GithubFindings.sentence(finding)));
    xml.writeAttribute("source", "postern." + finding.code().id());
  }
}
