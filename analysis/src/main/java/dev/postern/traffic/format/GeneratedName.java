package dev.postern.traffic.format;

import dev.postern.traffic.FlowEnd.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pods by the name that their controller generates ({@code metadata.generateName}), as {@code frontend-6d5f7b9c4d-*}. */
final class GeneratedName {

  /** What a Deployment puts between its name and its pods' suffix: a number in the letters of {@code k8s.io/apimachinery/pkg/util/rand}. */
  private static final Pattern HASHED = Pattern.compile("(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}");

  private GeneratedName() {}

  /** The workloads whose pods could be called so, the likeliest first: a ReplicaSet's Deployment, then whoever bears the name itself. */
  static List<Owner> owners(String aggregated) {
    String name = aggregated.replaceFirst("-\\*$", "");
    List<Owner> owners = new ArrayList<>();
    Matcher hashed = HASHED.matcher(name);
    if (hashed.matches()) {
      owners.add(new Owner(hashed.group(1), "Deployment"));
    }
    owners.add(new Owner(name, ""));
    return owners;
  }
}
