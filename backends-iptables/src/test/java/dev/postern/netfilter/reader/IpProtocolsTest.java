package dev.postern.netfilter.reader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IpProtocolsTest {

  @Test
  void aProtocolIsKnownByItsNameOrItsNumber() {
    assertThat(IpProtocols.number("tcp")).hasValue(6);
    assertThat(IpProtocols.number("17")).hasValue(17);
    assertThat(IpProtocols.number("255")).hasValue(255);
  }

  @Test
  void whatIsNeitherIsNotKnown() {
    for (String text : new String[] {"", "abc", "1x", "-1", "256", "1000"}) {
      assertThat(IpProtocols.number(text)).as(text).isEmpty();
    }
  }
}
