package dev.postern.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.bpf.ExpectedProgram.Outcome;
import dev.postern.net.Address;
import dev.postern.testing.Engines;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets of every shape on the real kernel: what cannot be judged is dropped and counted, and nothing else is. */
class BpfFuzzTest {

  private static final int[] EXTENSIONS = {0, 43, 44, 51, 60};
  private static final int[] PROTOCOLS = {6, 6, 6, 17, 132, 58, 1, 47, 59};
  private static final Address WEB4 = Address.parse("10.0.0.1");
  private static final Address DB4 = Address.parse("10.0.0.2");
  private static final Address WEB6 = Address.parse("fd00::1");
  private static final Address DB6 = Address.parse("fd00::2");

  @TempDir
  private Path directory;

  @BeforeEach
  void needsTheKernel() {
    Engines.require("bpftool", "clang", "tc");
  }

  @Test
  void fuzzedPacketsAreJudgedAndCountedAsTheirHeadersSay() throws Exception {
    long seed = Long.getLong("postern.seed", System.nanoTime());
    System.out.println("BPF fuzz test: seed " + seed + " (-Dpostern.seed=)");
    Random random = new Random(seed);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      packets.add(random.nextBoolean() ? ipv4(random) : ipv6(random));
    }
    ExpectedProgram expected = new ExpectedProgram();
    List<Outcome> outcomes = packets.stream().map(expected::judge).toList();
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    outcomes.forEach(outcome -> counts.merge(outcome, 1L, Long::sum));
    System.out.println("BPF fuzz test: " + counts);
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(new BpfKernelTest.Lab().artifact());
      List<Boolean> verdicts = kernel.verdicts("to_pod", packets);
      for (int i = 0; i < packets.size(); i++) {
        assertThat(verdicts.get(i))
            .as("packet %d, %s: %s", i, outcomes.get(i), HexFormat.of().formatHex(packets.get(i)))
            .isEqualTo(outcomes.get(i) == Outcome.PASSED);
      }
      assertThat(kernel.counters())
          .containsExactlyElementsOf(Arrays.stream(Outcome.values())
              .map(outcome -> counts.getOrDefault(outcome, 0L))
              .toList());
    }
    assertThat(counts).hasSize(Outcome.values().length);
  }

  private static byte[] ipv4(Random random) {
    byte[] options = new byte[4 * (random.nextInt(3) == 0 ? random.nextInt(11) : 0)];
    random.nextBytes(options);
    int fragment = switch (random.nextInt(5)) {
      case 0 -> 0x2000;
      case 1 -> 1 + random.nextInt(8191);
      default -> 0;
    };
    int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    byte[] packet = Packets.ipv4(WEB4, DB4, protocol, payload(random), options, fragment);
    ByteBuffer.wrap(packet).putShort(18, (short) random.nextInt(40));
    return changed(packet, random, 34, at -> at < 26 || at >= 34);
  }

  private static byte[] ipv6(Random random) {
    int count = random.nextInt(random.nextInt(4) == 0 ? 11 : 4);
    int[] kinds =
        IntStream.range(0, count).map(i -> EXTENSIONS[random.nextInt(5)]).toArray();
    ByteBuffer extensions = ByteBuffer.allocate(2000);
    int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    for (int i = 0; i < count; i++) {
      int words = kinds[i] == 44 ? 0 : random.nextInt(3);
      byte[] header = new byte[kinds[i] == 51 ? 4 * (words + 2) : 8 * (words + 1)];
      header[0] = (byte) (i + 1 < count ? kinds[i + 1] : protocol);
      header[1] = (byte) words;
      if (kinds[i] == 44) {
        header[3] = (byte) (random.nextBoolean() ? 1 : 8 * random.nextInt(3) | random.nextInt(2));
        header[7] = (byte) random.nextInt(20);
      }
      extensions.put(header);
    }
    extensions.put(payload(random));
    byte[] payload = Arrays.copyOf(extensions.array(), extensions.position());
    byte[] packet = Packets.ipv6(WEB6, DB6, count > 0 ? kinds[0] : protocol, payload);
    return changed(packet, random, 54, at -> at < 22 || at >= 54);
  }

  /** Too short for a packet that could quote another one. */
  private static byte[] payload(Random random) {
    ByteBuffer payload = ByteBuffer.allocate(20);
    payload.putShort((short) random.nextInt(65536));
    payload.putShort((short) (random.nextInt(3) > 0 ? 5432 : random.nextInt(65536)));
    if (random.nextInt(6) == 0) {
      payload.put(0, (byte) (130 + random.nextInt(10)));
    }
    return payload.array();
  }

  /** Now and then with bytes changed, or cut off. */
  private static byte[] changed(byte[] packet, Random random, int least, IntPredicate mayChange) {
    for (int i = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 0; i > 0; i--) {
      int at = 14 + random.nextInt(packet.length - 14);
      if (mayChange.test(at)) {
        packet[at] = (byte) random.nextInt(256);
      }
    }
    return random.nextInt(6) == 0
        ? Arrays.copyOf(packet, least + random.nextInt(packet.length - least + 1))
        : packet;
  }

  @Test
  void neighbourDiscoverysNumberInIpv4OpensNothing() throws Exception {
    byte[] solicitation = {(byte) 135, 0, 0, 0, 0, 0, 0, 0};
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(new BpfKernelTest.Lab().artifact());
      assertThat(kernel.verdicts(
              "to_pod",
              List.of(
                  Packets.ipv4(WEB4, DB4, 58, solicitation, new byte[0], 0),
                  Packets.ipv6(WEB6, DB6, 58, solicitation))))
          .containsExactly(false, true);
    }
  }

  /** The verifier accepted both programs, and walked through them within its limits. */
  @Test
  void theProgramsAreOfTheSizeThatTheDocumentsSay() throws Exception {
    try (Kernel kernel = new Kernel(directory)) {
      kernel.apply(new BpfKernelTest.Lab().artifact());
      for (String program : List.of("from_pod", "to_pod")) {
        String shown = kernel.run(
            List.of("bpftool", "prog", "show", "pinned", kernel.pin() + "/prog/" + program));
        int bytes = Integer.parseInt(shown.replaceAll("(?s).*xlated (\\d+)B.*", "$1"));
        System.out.println("BPF program " + program + ": " + bytes / 8 + " instructions");
        assertThat(bytes / 8).isBetween(500, 4096);
      }
    }
  }
}
