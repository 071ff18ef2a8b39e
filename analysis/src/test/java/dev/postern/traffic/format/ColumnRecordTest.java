package dev.postern.traffic.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.traffic.Collected;
import dev.postern.traffic.LogSummary;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns whose values are written in the ways of many tools, or wrongly. */
class ColumnRecordTest {

  /** What is said is read as what it is, or the line is told: nothing that is mistyped is taken for something else. */
  @Test
  void aValueThatIsNotUnderstoodIsToldAndNotPassedOver() throws IOException {
    String header = "source,destination,protocol,port,first,reply,direction,count,bytes\n";
    String good = "10.0.0.1,10.0.0.2,tcp,80,,,,,\n";
    for (String bad : List.of(
        "10.0.0.1,10.0.0.2,tpc,80,,,,,",
        "10.0.0.1,10.0.0.2,256,80,,,,,",
        "10.0.0.1,10.0.0.2,6.5,80,,,,,",
        "10.0.0.1,10.0.0.2,.0,80,,,,,",
        "10.0.0.1,10.0.0.2,-6,80,,,,,",
        "10.0.0.1,10.0.0.2,\u0666,80,,,,,",
        "10.0.0.1,10.0.0.2,tcp,\uff18\uff10,,,,,",
        "10.0.0.1,10.0.0.2,tcp,+80,,,,,",
        "10.0.0.1,10.0.0.2,tcp,80.5,,,,,",
        "10.0.0.1,10.0.0.2,tcp,0,,,,,",
        "10.0.0.1,10.0.0.2,tcp,65536,,,,,",
        "10.0.0.1%eth0,10.0.0.2,tcp,80,,,,,",
        "fe80::1%,10.0.0.2,tcp,80,,,,,",
        "10.0.0.1,10.0.0.2,tcp,80,-5,,,,",
        "10.0.0.1,10.0.0.2,tcp,80,yesterday,,,,",
        "10.0.0.1,10.0.0.2,tcp,80,2026-11-2009:00:00,,,,",
        "10.0.0.1,10.0.0.2,tcp,80,2026-13-20 09:00:00,,,,",
        "10.0.0.1,10.0.0.2,tcp,80,,maybe,,,",
        "10.0.0.1,10.0.0.2,tcp,80,,,sideways,,",
        "10.0.0.1,10.0.0.2,tcp,80,,,,two,",
        "10.0.0.1,10.0.0.2,tcp,80,,,,-4,",
        "10.0.0.1,10.0.0.2,tcp,80,,,,.0,",
        "10.0.0.1,10.0.0.2,tcp,80,,,,,1e3")) {
      Collected each = new Collected();
      LogSummary summary = each.read(header + good + bad + "\n");
      assertThat(summary.unreadable()).as(bad).isEqualTo(1);
      assertThat(each.flows).as(bad).hasSize(1);
    }
  }

  @Test
  void columnsAreReadAsToolsWriteThem() throws IOException {
    Collected collected = new Collected();
    collected.read("""
        source,destination,protocol,port,first,reply,direction,count,bytes
        ::ffff:10.0.0.1,::FFFF:a00:2,gre,,2026-11-20 09:00:00,f,In,3.0,-
        10.0.0.1,10.0.0.2,TCP,80,2026-11-20 09:00:00.5 UTC,No,outbound,,12
        10.0.0.1,10.0.0.2,47,,2026-11-20T09:00:00+01:00,-,-,-,
        10.0.0.1,10.0.0.2,unknown,,2026-11-20 09:00:00+00,,,,
        10.0.0.1,10.0.0.2,tcp,80,2026-11-20T09:00,,,,
        fe80::1%eth0,fe80::2%7,06,0080,,,,,
        10.0.0.1,10.0.0.2,6.0,80.0,,,,,
        10.0.0.1,10.0.0.2,017,53,,,,,
        """);
    assertThat(collected.flows.stream().map(FlowFormatsTest::line))
        .containsExactly(
            "10.0.0.1:0 -> 10.0.0.2 other/0 SEEN DESTINATION SOURCE x3 0B 2026-11-20T09:00:00Z 2026-11-20T09:00:00Z",
            "10.0.0.1:0 -> 10.0.0.2 tcp/80 SEEN SOURCE SOURCE x1 12B 2026-11-20T09:00:00.500Z 2026-11-20T09:00:00.500Z",
            "10.0.0.1:0 -> 10.0.0.2 other/0 SEEN UNSAID UNSAID x1 0B 2026-11-20T08:00:00Z 2026-11-20T08:00:00Z",
            "10.0.0.1:0 -> 10.0.0.2 other/0 SEEN UNSAID UNSAID x1 0B 2026-11-20T09:00:00Z 2026-11-20T09:00:00Z",
            "10.0.0.1:0 -> 10.0.0.2 tcp/80 SEEN UNSAID UNSAID x1 0B 2026-11-20T09:00:00Z 2026-11-20T09:00:00Z",
            "fe80::1:0 -> fe80::2 tcp/80 SEEN UNSAID UNSAID x1 0B - -",
            "10.0.0.1:0 -> 10.0.0.2 tcp/80 SEEN UNSAID UNSAID x1 0B - -",
            "10.0.0.1:0 -> 10.0.0.2 udp/53 SEEN UNSAID UNSAID x1 0B - -");
  }
}
