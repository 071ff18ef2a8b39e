/**
 * Turns a plan into the layout that both netfilter targets write: for each family, which pods share rules, which sets of peers these rules
 * look up, and which traffic passes. It also turns two layouts into the steps of an update. It trusts the plan, and knows neither tool's
 * syntax.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter;

import org.jspecify.annotations.NullMarked;
