/**
 * Turns problems in a cluster's policies into diagnostics: anomalies, and practices that are rarely intended. It adds no judgement to
 * {@link dev.postern.anomaly}; each rule about a practice is one class.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lint;

import org.jspecify.annotations.NullMarked;
