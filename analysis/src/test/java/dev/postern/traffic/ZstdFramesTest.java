package dev.postern.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A log that zstd wrote is whole or an error, wherever it was cut. */
class ZstdFramesTest {

  private static byte[] frame(byte[] content) {
    ZstdCompressor compressor = new ZstdCompressor();
    byte[] out = new byte[compressor.maxCompressedLength(content.length)];
    int length = compressor.compress(content, 0, content.length, out, 0, out.length);
    return Arrays.copyOf(out, length);
  }

  private static byte[] read(byte[] bytes) throws IOException {
    return Decompressed.of(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  @Test
  void aCutIsAnErrorAnywhereButBetweenFrames() throws IOException {
    Random random = new Random(7);
    byte[] noise = new byte[3000];
    random.nextBytes(noise);
    List<byte[]> frames = List.of(
        frame("{\"flow\": 1}\n".repeat(300).getBytes(StandardCharsets.UTF_8)),
        frame(noise),
        frame("{\"flow\": 2}\n".getBytes(StandardCharsets.UTF_8)));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Set<Integer> ends = new HashSet<>();
    for (byte[] frame : frames) {
      all.write(frame);
      ends.add(all.size());
    }
    byte[] whole = all.toByteArray();
    assertThat(read(whole)).hasSize(300 * 12 + 3000 + 12);
    for (int length = 4; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (ends.contains(length)) {
        assertThat(read(cut)).as("%d bytes", length).isNotEmpty();
      } else {
        assertThatThrownBy(() -> read(cut))
            .as("%d bytes", length)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("it is no whole zstd stream");
      }
    }
  }

  @Test
  void whatIsNoFrameAfterAFrameIsAnError() {
    byte[] frame = frame(new byte[100]);
    byte[] longer = Arrays.copyOf(frame, frame.length + 9);
    assertThatThrownBy(() -> read(longer))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("after a frame there is none");
  }

  @Test
  void aLongFrameOfManyBlocksIsWhole() throws IOException {
    byte[] content = new byte[1 << 20];
    new Random(1).nextBytes(content);
    Arrays.fill(content, 1 << 18, 1 << 19, (byte) 7);
    assertThat(read(frame(content))).isEqualTo(content);
  }
}
