package dev.postern.netfilter;

import dev.postern.net.Address;

/**
 * One change of what is in force.
 *
 * @param adds whether the address comes; else it goes
 * @param place where
 * @param address a pod's address
 */
public record RuleEdit(boolean adds, Place place, Address address) {}
