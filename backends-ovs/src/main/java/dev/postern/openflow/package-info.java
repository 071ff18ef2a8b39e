/**
 * Turns a plan into OpenFlow tables for plain Open vSwitch, where sources, destinations and ports add up in conjunctive matches instead of
 * multiplying. It trusts the plan; what it writes is read back by {@link dev.postern.openflow.reader}.
 */
@NullMarked
package dev.postern.openflow;

import org.jspecify.annotations.NullMarked;
