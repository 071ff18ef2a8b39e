/**
 * Turns a plan into the layout that both netfilter targets write: per family, which pods share rules, which sets of peers those rules look
 * up, and what passes; and two layouts into the way from one to the other. It trusts the plan, and knows neither tool's syntax.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter;

import org.jspecify.annotations.NullMarked;
