package dev.postern.cli.finding;

import dev.postern.cli.console.CommandEscapes;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * How the formats of findings say that time was over before all were looked for: as an error of the check itself, with no finding, so that
 * no reader takes an empty report for a clean one.
 */
final class UnfinishedFindings {

  static final String CHECK = "unfinished";

  private UnfinishedFindings() {}

  /** A run that was not successful; without {@code results}, which says that there are none (SARIF 2.1.0, 3.14.23). */
  static void sarif(String why, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeStringField("$schema", SarifFindings.SCHEMA);
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      json.writeObjectFieldStart("tool");
      json.writeObjectFieldStart("driver");
      SarifFindings.driver(json);
      json.writeEndObject();
      json.writeEndObject();
      json.writeArrayFieldStart("invocations");
      json.writeStartObject();
      json.writeBooleanField("executionSuccessful", false);
      json.writeNumberField("exitCode", ExitStatus.UNDECIDED);
      json.writeArrayFieldStart("toolExecutionNotifications");
      json.writeStartObject();
      json.writeStringField("level", "error");
      json.writeObjectFieldStart("message");
      json.writeStringField("text", "unknown: " + why);
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  /** A test that came to an error. */
  static void junit(String why, Printer out) {
    write(out, xml -> {
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "postern lint");
      xml.writeAttribute("tests", "1");
      xml.writeAttribute("failures", "0");
      xml.writeAttribute("errors", "1");
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", "postern.lint");
      xml.writeAttribute("name", CHECK);
      xml.writeEmptyElement("error");
      xml.writeAttribute("type", "unknown");
      xml.writeAttribute("message", Printable.line(why));
      xml.writeEndElement();
      xml.writeEndElement();
    });
  }

  /** An entry of the worst severity about the directory, since the format knows nothing but findings. */
  static void gitlab(String why, Printer out) {
    Json.write(out, json -> {
      json.writeStartArray();
      json.writeStartObject();
      json.writeStringField("description", "unknown: " + why);
      json.writeStringField("check_name", CHECK);
      json.writeStringField("fingerprint", CHECK);
      json.writeStringField("severity", "blocker");
      json.writeObjectFieldStart("location");
      json.writeStringField("path", ".");
      json.writeObjectFieldStart("lines");
      json.writeNumberField("begin", 1);
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
    });
  }

  /** An error about the directory. */
  static void checkstyle(String why, Printer out) {
    write(out, xml -> {
      xml.writeStartElement("checkstyle");
      xml.writeAttribute("version", "10.0");
      xml.writeStartElement("file");
      xml.writeAttribute("name", ".");
      xml.writeEmptyElement("error");
      xml.writeAttribute("line", "1");
      xml.writeAttribute("severity", "error");
      xml.writeAttribute("message", Printable.line("unknown: " + why));
      xml.writeAttribute("source", "postern." + CHECK);
      xml.writeEndElement();
      xml.writeEndElement();
    });
  }

  /** What stands in a document. */
  @FunctionalInterface
  private interface Content {
    void write(XMLStreamWriter xml) throws XMLStreamException;
  }

  private static void write(Printer out, Content content) {
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newFactory().createXMLStreamWriter(CommandEscapes.xml(out));
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      content.write(xml);
      xml.writeEndDocument();
      xml.flush();
      out.println();
    } catch (XMLStreamException problem) {
      throw new IllegalStateException(problem);
    }
  }
}
