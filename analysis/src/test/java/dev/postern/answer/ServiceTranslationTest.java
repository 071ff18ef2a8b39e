package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.ServiceTranslation.Called;
import dev.postern.answer.ServiceTranslation.Seen;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The equality of ways through a Service, which is written out, counts every component. */
class ServiceTranslationTest {

  private static ServiceTranslation way() {
    return new ServiceTranslation(true, List.of(), Seen.CLIENT, Seen.CLIENT);
  }

  @Test
  void aWayEqualsAnotherOnlyIfEveryComponentDoes() {
    Called called = new Called(new End.Outside(Address.parse("192.0.2.1")), Protocol.TCP, 80);
    assertThat(way())
        .isEqualTo(ServiceTranslation.NONE)
        .hasSameHashCodeAs(ServiceTranslation.NONE)
        .isNotEqualTo("")
        .isNotEqualTo(new ServiceTranslation(false, List.of(), Seen.CLIENT, Seen.CLIENT))
        .isNotEqualTo(new ServiceTranslation(true, List.of(called), Seen.CLIENT, Seen.CLIENT))
        .isNotEqualTo(new ServiceTranslation(true, List.of(), Seen.ANYONE, Seen.CLIENT))
        .isNotEqualTo(new ServiceTranslation(true, List.of(), Seen.CLIENT, Seen.ANYONE))
        .isNotEqualTo(way().from(AddressSet.of(Cidr.parse("192.0.2.0/24")), false))
        .isNotEqualTo(way().from(AddressSet.ALL, true))
        .isNotEqualTo(way().onlyOn(Locality.CLIENTS_NODE));
    assertThat(Locality.ANYWHERE)
        .isEqualTo(new Locality.Anywhere())
        .hasSameHashCodeAs(new Locality.Anywhere())
        .isNotEqualTo(Locality.CLIENTS_NODE);
  }
}
