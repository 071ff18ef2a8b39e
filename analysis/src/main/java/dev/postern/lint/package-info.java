/**
 * Turns what is odd about a cluster's policies into diagnostics: the anomalies, and practice that people seldom mean. It adds no judgement
 * of its own to {@link dev.postern.anomaly}; each rule of practice is one class.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lint;

import org.jspecify.annotations.NullMarked;
