package dev.postern.plan;

import dev.postern.algebra.Region;

/**
 * What passes in one direction at the endpoints of one class, all tiers taken together.
 *
 * @param allowed what passes for certain
 * @param possible what may pass, through DNS names whose addresses are not known, by policies that are undetermined, or wherever pods of unknown address or node are; contains {@code allowed}, mostly equal to it
 */
public record Table(Region allowed, Region possible) {}
