package dev.postern.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.net.Protocol;
import dev.postern.traffic.format.FlowFormats;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs as streams: compressed, broken, in one piece or in lines. */
class TrafficLogTest {

  private static final String OBJECT =
      "{\"SrcAddr\":\"10.0.0.1\",\"DstAddr\":\"10.0.0.2\",\"SrcPort\":50000,\"DstPort\":80,\"Proto\":6}";

  private final Collected collected = new Collected();

  private interface Compressor {
    OutputStream over(OutputStream out) throws IOException;
  }

  private static byte[] compressed(String text, Compressor compressor) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream in = compressor.over(out)) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private LogSummary read(InputStream bytes) throws IOException {
    return TrafficLog.read("log", bytes, FlowFormats.ALL, collected);
  }

  @Test
  void compressedBytesAreKnownByTheirBeginning() throws IOException {
    String log = (OBJECT + "\n").repeat(1000);
    for (Compressor compressor :
        List.<Compressor>of(GZIPOutputStream::new, ZstdOutputStream::new)) {
      byte[] bytes = compressed(log, compressor);
      assertThat(bytes).hasSizeLessThan(log.length());
      assertThat(read(new ByteArrayInputStream(bytes)).records()).isEqualTo(1000);
      byte[] cut = Arrays.copyOf(bytes, bytes.length / 2);
      assertThatThrownBy(() -> read(new ByteArrayInputStream(cut))).isInstanceOf(IOException.class);
    }
  }

  /** As a pipe whose writer pauses between two members: nothing is there to read without waiting. */
  private static InputStream pausing(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int available() {
        return 0;
      }

      @Override
      public synchronized int read(byte[] into, int from, int most) {
        return super.read(into, from, Math.min(most, 7));
      }
    };
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void allMembersOfACompressedLogAreReadAndWhatIsNoneIsAnError() throws IOException {
    for (Compressor compressor :
        List.<Compressor>of(GZIPOutputStream::new, ZstdOutputStream::new)) {
      byte[] member = compressed(OBJECT + "\n", compressor);
      byte[] both = joined(member, member);
      assertThat(read(pausing(both)).records()).isEqualTo(2);
      // Of zstd, three bytes of a frame are passed over: they are no magic number yet.
      boolean gzip = member[0] == 0x1F;
      for (int length = member.length + (gzip ? 1 : 4); length < both.length; length++) {
        byte[] cut = Arrays.copyOf(both, length);
        assertThatThrownBy(() -> read(pausing(cut)))
            .as("%d of %d bytes", length, both.length)
            .isInstanceOf(IOException.class);
      }
      byte[] followed = joined(member, "and more".getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> read(pausing(followed))).isInstanceOf(IOException.class);
    }
    byte[] whole = compressed(OBJECT + "\n", GZIPOutputStream::new);
    assertThat(read(pausing(joined(whole, new byte[512]))).records()).isEqualTo(1);
    byte[] altered = whole.clone();
    altered[whole.length - 5] ^= 1;
    assertThatThrownBy(() -> read(pausing(altered))).isInstanceOf(IOException.class);
  }

  @Test
  void partsOfAnyLengthHoldEachLineOnce() throws IOException {
    String csv = "source,destination,protocol,port\n10.0.0.1,10.0.0.2,tcp,80\n\nbroken\r\n"
        + "10.0.0.3,10.0.0.4,udp,53\r\n10.0.0.5,10.0.0.6,tcp,443";
    for (String log : List.of(
        csv,
        csv + "\n",
        "\n" + csv,
        "\uFEFF" + csv,
        "\uFEFF\n" + csv,
        (OBJECT + "\n").repeat(3) + "[1]")) {
      byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
      Collected whole = new Collected();
      LogSummary all =
          TrafficLog.read("log", new ByteArrayInputStream(bytes), FlowFormats.ALL, whole);
      assertThat(all.records()).isEqualTo(3);
      for (int most = 1; most <= bytes.length + 1; most++) {
        Collected parts = new Collected();
        long unreadable = 0;
        for (int from = 0; from < bytes.length; from += most) {
          int start = Math.max(0, from - 1);
          unreadable += TrafficLog.readPart(
                  "log",
                  new ByteArrayInputStream(bytes),
                  new ByteArrayInputStream(bytes, start, bytes.length - start),
                  from,
                  Math.min(most, bytes.length - from),
                  FlowFormats.ALL,
                  parts)
              .unreadable();
        }
        assertThat(parts.flows.stream().map(flow -> flow.source() + " " + flow.port()))
            .as("parts of %d bytes of %s", most, log)
            .containsExactlyElementsOf(whole.flows.stream()
                .map(flow -> flow.source() + " " + flow.port())
                .toList());
        assertThat(unreadable).isEqualTo(all.unreadable());
      }
    }
  }

  @Test
  void whatIsCompressedOrOneDocumentHasNoParts() throws IOException {
    byte[] gzip = compressed(OBJECT + "\n", GZIPOutputStream::new);
    byte[] zstd = compressed(OBJECT + "\n", ZstdOutputStream::new);
    byte[] document = ("[" + OBJECT + "]").getBytes(StandardCharsets.UTF_8);
    for (byte[] bytes : List.of(gzip, zstd, document)) {
      assertThat(TrafficLog.hasParts(new ByteArrayInputStream(bytes))).isFalse();
      assertThatThrownBy(() -> TrafficLog.readPart(
              "log",
              new ByteArrayInputStream(bytes),
              new ByteArrayInputStream(bytes),
              0,
              bytes.length,
              FlowFormats.ALL,
              collected))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be read in parts");
    }
  }

  @Test
  void whatCannotBeReadIsCountedAndTheFirstIsTold() throws IOException {
    LogSummary summary = collected.read(OBJECT + "\n\n" + "{\"SrcAddr\": }\n".repeat(50) + "[1]\n"
        + OBJECT + OBJECT + "\n" + OBJECT + "\r\n\u0000\n" + OBJECT);
    assertThat(summary.records()).isEqualTo(3);
    assertThat(summary.unreadable()).isEqualTo(53);
    assertThat(summary.problems()).hasSize(LogSummary.TOLD);
    assertThat(summary.problems().get(0)).startsWith("log:3:13: error: no JSON");
    assertThat(collected.flows.get(1).place()).isEqualTo(new LogPlace("log", 55));
  }

  @Test
  void bytesThatAreNoTextSpoilTheirLineOnly() throws IOException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    log.writeBytes((OBJECT + "\n{\"SrcAddr\": \"").getBytes(StandardCharsets.UTF_8));
    log.write(0xFF);
    log.writeBytes(("\"}\n" + OBJECT).getBytes(StandardCharsets.UTF_8));
    LogSummary summary = read(new ByteArrayInputStream(log.toByteArray()));
    assertThat(summary.records()).isEqualTo(2);
    assertThat(summary.unreadable()).isEqualTo(1);
  }

  @Test
  void aDocumentThatEndsTooEarlyIsToldAndWhatCameBeforeIsUsed() throws IOException {
    LogSummary summary = collected.read("[" + OBJECT + ",\n" + OBJECT + ",\n{\"SrcAddr\": ");
    assertThat(summary.records()).isEqualTo(2);
    assertThat(summary.unreadable()).isEqualTo(1);
    assertThat(summary.problems().get(0)).contains("log:3:", "nothing after it was read");
  }

  @Test
  void aLogOfWhichTheFirstLineIsCutIsStillOfLines() throws IOException {
    LogSummary summary = collected.read("{\"SrcAddr\": \n" + OBJECT + "\n" + OBJECT);
    assertThat(summary.records()).isEqualTo(2);
    assertThat(summary.unreadable()).isEqualTo(1);
  }

  @Test
  void whatIsInNoFormatIsSaid() {
    for (String text :
        List.of("hello\nworld\n", "{\"a\": 1}", "[1]", "[{\"a\": 1}]", "a,b,c\n1,2,3\n")) {
      assertThatThrownBy(() -> new Collected().read(text))
          .as(text)
          .isInstanceOf(UnknownFormat.class)
          .hasMessageContaining("conntrack, csv");
    }
  }

  @Test
  void nothingIsNoTraffic() throws IOException {
    assertThat(collected.read("").isEmpty()).isTrue();
    assertThat(collected.read("\n \n").isEmpty()).isTrue();
  }

  /** What a line says is read in the memory of that line, however many there are and however the stream hands them out. */
  @Test
  void linesComeWholeHoweverTheStreamIsCut() throws IOException {
    int lines = 20_000;
    byte[] line = (OBJECT + "\n").getBytes(StandardCharsets.UTF_8);
    InputStream endless = new InputStream() {
      private long at;

      @Override
      public int read() {
        return at == (long) lines * line.length ? -1 : line[(int) (at++ % line.length)];
      }

      @Override
      public int read(byte[] bytes, int from, int count) {
        int got = 0;
        int most = (int) Math.min(count, 1 + at % 97);
        for (int next = 0; got < most && (next = read()) >= 0; got++) {
          bytes[from + got] = (byte) next;
        }
        return got == 0 ? -1 : got;
      }
    };
    assertThat(read(endless).records()).isEqualTo(lines);
    assertThat(collected.flows.get(lines - 1).place().line()).isEqualTo(lines);
  }

  @ParameterizedTest
  @CsvSource({
    // Clients' ports are high, servers' low; where both could be either, nothing is said.
    "50000, 443, SOURCE",
    "443, 50000, DESTINATION",
    "2000, 443, SOURCE",
    "53, 2000, DESTINATION",
    "50000, 50001, UNSAID",
    "8080, 9090, UNSAID",
    "53, 123, UNSAID",
    "32767, 32768, DESTINATION",
    "0, 50000, SOURCE"
  })
  void portsTellWhoOpenedIfOnlyOneCanBeAClients(int source, int destination, Opener opener) {
    FlowRecord flow = flow(source, destination, Opener.UNSAID);
    assertThat(flow.folded()).isEqualTo(opener);
    assertThat(flow(source, destination, Opener.SOURCE).folded()).isEqualTo(Opener.SOURCE);
    assertThat(flow(source, destination, Opener.DESTINATION).folded())
        .isEqualTo(Opener.DESTINATION);
  }

  private static FlowRecord flow(int source, int destination, Opener opener) {
    FlowEnd end = FlowEnd.called("x");
    return new FlowRecord(
        new LogPlace("log", 1),
        end,
        end,
        Protocol.TCP,
        source,
        destination,
        Outcome.SEEN,
        Vantage.UNSAID,
        opener,
        1,
        0,
        Optional.empty(),
        Optional.empty());
  }
}
