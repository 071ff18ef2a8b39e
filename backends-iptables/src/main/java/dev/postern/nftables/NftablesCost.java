package dev.postern.nftables;

import dev.postern.net.Family;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.LayoutCost;
import java.util.Map;

/** What a ruleset costs: in memory, and for the first packet of a connection. */
record NftablesCost(LayoutCost cost) {

  static NftablesCost of(Map<Family, Layout> layouts) {
    return new NftablesCost(LayoutCost.of(layouts));
  }

  String text() {
    return cost.text("nftables", 5, 0, 0);
  }
}
