/**
 * Turns a plan into OpenFlow tables for plain Open vSwitch, where sources, destinations and ports add up in conjunctive matches instead of
 * multiplying. It trusts the plan; what it writes is read back by {@link dev.postern.openflow.reader}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.openflow;

import org.jspecify.annotations.NullMarked;
