package dev.postern.cli;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.Printer;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/ARCHITECTURE.md, as far as a machine can hold the code against it. */
class ArchitectureTest {

  /** Which modules a module may use, itself left out: data flows from manifest to proof, never back. */
  private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
      Map.entry("policy-model", Set.of()),
      Map.entry("fabric8", Set.of("policy-model")),
      Map.entry("compiler", Set.of("policy-model")),
      Map.entry("backends-iptables", Set.of("policy-model", "compiler")),
      Map.entry("backends-ovs", Set.of("policy-model", "compiler")),
      Map.entry("backends-bpf", Set.of("policy-model", "compiler")),
      Map.entry("analysis", Set.of("policy-model", "compiler")),
      Map.entry("page", Set.of("policy-model", "compiler", "analysis")),
      Map.entry("verifier", Set.of("policy-model", "compiler", "analysis")),
      Map.entry("policy-testing", Set.of("policy-model", "compiler", "analysis", "verifier")),
      Map.entry("spark", Set.of("policy-model", "compiler", "analysis", "verifier")),
      Map.entry(
          "cli",
          Set.of(
              "policy-model",
              "compiler",
              "backends-iptables",
              "backends-ovs",
              "backends-bpf",
              "analysis",
              "page",
              "verifier")));

  /** Where Kubernetes' own types become Postern's. */
  private static final String[] FABRIC8_BORDER = {"dev.postern.fabric8..", "dev.postern.cli.live.."
  };

  /** Where formulas become Z3's. */
  private static final String[] Z3_BORDER = {"dev.postern.solver.."};

  /** Where JSON comes in or goes out: manifests, logs of traffic, the commands' output, what `nft -j`, OVSDB and `bpftool -j` print. */
  private static final String[] JACKSON_BORDER = {
    "dev.postern.manifest..",
    "dev.postern.fabric8..",
    "dev.postern.cli..",
    "dev.postern.netfilter.node..",
    "dev.postern.nftables..",
    "dev.postern.ovn..",
    "dev.postern.bpf..",
    "dev.postern.mapdump..",
    "dev.postern.cilium..",
    "dev.postern.traffic.."
  };

  /** Parsers that ANTLR wrote. */
  private static final String GENERATED = "..grammar..";

  private static final Pattern MODULE =
      Pattern.compile("/([a-z-]+)(/target/(?:quality/)?classes/|-[0-9][^/]*\\.jar!)");

  private static final JavaClasses PRODUCT = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .withImportOption(location -> !module(location.asURI().toString()).equals("testing"))
      .importPackages("dev.postern");

  @Test
  void noModuleLooksBack() {
    classes()
        .should(new ArchCondition<JavaClass>("use only modules that come before it") {
          @Override
          public void check(JavaClass user, ConditionEvents events) {
            String from = module(user);
            assertThat(MAY_USE).as("the module of " + user.getName()).containsKey(from);
            user.getDirectDependenciesFromSelf().stream()
                .filter(use -> use.getTargetClass().getPackageName().startsWith("dev.postern"))
                .filter(use -> {
                  String to = module(use.getTargetClass().getBaseComponentType());
                  return !to.equals(from) && !MAY_USE.get(from).contains(to);
                })
                .forEach(use -> events.add(violated(user, use.getDescription())));
          }
        })
        .check(PRODUCT);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.postern.(**)").should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void fabric8StaysAtTheBorder() {
    noClasses()
        .that()
        .resideOutsideOfPackages(FABRIC8_BORDER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..")
        .check(PRODUCT);
  }

  @Test
  void onePackageKnowsZ3() {
    noClasses()
        .that()
        .resideOutsideOfPackages(Z3_BORDER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.microsoft.z3..")
        .check(PRODUCT);
  }

  @Test
  void jacksonStaysAtTheBorder() {
    noClasses()
        .that()
        .resideOutsideOfPackages(JACKSON_BORDER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml.jackson..")
        .check(PRODUCT);
  }

  /** What is read into memory has a bound: a device or a pipe may never end. */
  @Test
  void theCommandLineReadsFilesWithinABound() {
    noClasses()
        .that()
        .resideInAPackage("dev.postern.cli..")
        .and()
        .doNotBelongToAnyOf(InputBound.class)
        .should()
        .callMethodWhere(target(owner(assignableTo(Files.class)))
            .and(target(name("readString"))
                .or(target(name("readAllBytes")))
                .or(target(name("readAllLines")))
                .or(target(name("lines")))
                .or(target(name("newBufferedReader")))
                .or(target(name("newInputStream")))))
        .check(PRODUCT);
  }

  /** Whatever a user or a CI system sees goes through {@code Printer}, which escapes it; only the process' own streams are made beside it. */
  @Test
  void nothingOfTheCommandLineWritesPastThePrinter() {
    noClasses()
        .that()
        .resideInAPackage("dev.postern.cli..")
        .and()
        .resideOutsideOfPackage("dev.postern.cli.console")
        .and()
        // Its PrintWriters wrap the printers, for the help that picocli writes.
        .doNotHaveFullyQualifiedName("dev.postern.cli.Postern")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            PrintStream.class, PrintWriter.class, OutputStreamWriter.class, FileDescriptor.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(target(owner(assignableTo(Printer.class)))
            .and(target(name("write")).or(target(name("append")))))
        .check(PRODUCT);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .that()
        .resideOutsideOfPackage(GENERATED)
        .should()
        .haveNameMatching(".*(Utils?|Manager|Helper|Impl|Common|Misc|Stuff)(\\$.*)?")
        .check(PRODUCT);
  }

  /** Options that other tools have as well, in what reads or writes those tools' own. */
  private static final Set<String> OF_TOOLS =
      Set.of("NatTable.java: --to", "OvnScripts.java: --columns");

  /** Whoever embeds Postern has no command line, and below it a reason or a remedy is a value. */
  @Test
  void onlyTheCommandLineKnowsItsOptions() throws IOException {
    Set<String> options = new TreeSet<>();
    options(Postern.commandLine(Console.ofProcess()), options);
    Pattern any = Pattern.compile("(?<![\\w-])(" + String.join("|", options) + ")(?![\\w-])");
    Set<String> found = new TreeSet<>();
    for (String module : MAY_USE.keySet()) {
      if (!module.equals("cli")) {
        try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main"))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            any.matcher(Files.readString(file))
                .results()
                .forEach(option -> found.add(file.getFileName() + ": " + option.group()));
          }
        }
      }
    }
    assertThat(options).contains("--since", "--interface");
    assertThat(found).as("options of the command line in modules below it").isEqualTo(OF_TOOLS);
  }

  private static void options(CommandLine command, Set<String> names) {
    command.getCommandSpec().options().stream()
        .flatMap(option -> Stream.of(option.names()))
        .filter(name -> name.startsWith("--"))
        .forEach(names::add);
    command.getSubcommands().values().forEach(each -> options(each, names));
  }

  /** Packages that turn what a dataplane prints into rules. */
  private static final Pattern READERS = Pattern.compile(
      "dev\\.postern\\.(iptables|nftables|netfilter|openflow|bpf|cilium|aws)\\.reader(\\..*)?"
          + "|dev\\.postern\\.ovn\\.(read|match)(\\..*)?|dev\\.postern\\.netfilter\\.node");

  /** Packages that turn a plan into what a dataplane takes. */
  private static final Pattern WRITERS =
      Pattern.compile("dev\\.postern\\.(iptables|nftables|netfilter|openflow|ovn|bpf|cilium|aws)");

  /** What a reader may use of a writer's package, and why that is no shared understanding of the rules. */
  private static final Map<String, String> SHARED = Map.of(
      "dev.postern.ovn.NorthboundDatabase", "fetches rows over OVSDB, and reads nothing in them",
      "dev.postern.ovn.OvnOptions", "how the logical ports of pods are called, which nobody prints",
      "dev.postern.ovn.Ovn", "what the target promises, to hold its rows to",
      "dev.postern.ovn.match", "the writer parses each match that it wrote, as OVN would");

  @Test
  void readersAndWritersShareNoUnderstandingOfWhatTheyReadAndWrite() {
    Set<String> met = new TreeSet<>();
    for (JavaClass type : PRODUCT) {
      type.getDirectDependenciesFromSelf().stream()
          .map(use -> use.getTargetClass().getBaseComponentType())
          .filter(other -> READERS.matcher(type.getPackageName()).matches()
                  && WRITERS.matcher(other.getPackageName()).matches()
              || WRITERS.matcher(type.getPackageName()).matches()
                  && READERS.matcher(other.getPackageName()).matches())
          .map(other -> other.getPackageName().equals("dev.postern.ovn.match")
              ? other.getPackageName()
              : other.getName().replaceAll("\\$.*", ""))
          .forEach(met::add);
    }
    assertThat(met).isEqualTo(SHARED.keySet());
  }

  @Test
  void aNameMeansOneThing() {
    assertThat(PRODUCT.stream()
            .filter(type -> !type.isNestedClass() && !type.getName().endsWith("package-info"))
            .filter(type -> !type.getPackageName().endsWith(".grammar"))
            .collect(Collectors.groupingBy(JavaClass::getSimpleName))
            .values()
            .stream()
            .filter(types -> types.size() > 1))
        .as("simple names that two classes have")
        .isEmpty();
  }

  @Test
  void aTypeWithinAnotherHasNoNameOfAPublicOne() {
    Set<String> names = PRODUCT.stream()
        .filter(type -> !type.isNestedClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
        .map(JavaClass::getSimpleName)
        .collect(Collectors.toSet());

    assertThat(PRODUCT.stream()
            .filter(type -> type.isNestedClass() && isSeenByEmbedders(type))
            .filter(type -> names.contains(type.getSimpleName()))
            .map(JavaClass::getName))
        .isEmpty();
  }

  private static boolean isSeenByEmbedders(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ArchitectureTest::isSeenByEmbedders).orElse(true);
  }

  /** Twice what a screen shows, and a little: a longer file holds more than one idea. */
  private static final int LONGEST_FILE = 400;

  @Test
  void aFileHoldsOneIdea() throws IOException {
    try (Stream<Path> files = Files.find(
        Path.of(".."),
        20,
        (path, attributes) -> attributes.isRegularFile()
            && path.toString().endsWith(".java")
            && path.toString().contains("/src/")
            && !path.toString().contains("/target/"))) {
      Set<String> longer = new TreeSet<>();
      int read = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        read++;
        try (Stream<String> lines = Files.lines(file)) {
          long count = lines.count();
          if (count > LONGEST_FILE) {
            longer.add(file.getFileName() + ": " + count + " lines");
          }
        }
      }
      assertThat(read).isGreaterThan(1000);
      assertThat(longer).as("files of more than %s lines", LONGEST_FILE).isEmpty();
    }
  }

  @Test
  void everyPackageSaysWhatItDoesAndIsNullMarked() {
    assertThat(PRODUCT.stream()
            .map(JavaClass::getPackage)
            .filter(each -> !each.getName().endsWith(".grammar"))
            .distinct())
        .isNotEmpty()
        .allMatch(
            each -> each.isAnnotatedWith(NullMarked.class),
            "has a package-info.java with @NullMarked");
  }

  @Test
  void theDocumentNamesEveryPackageOrTheOneItIsAPartOf() throws IOException {
    String document = Files.readString(Path.of("../docs/ARCHITECTURE.md"));

    assertThat(PRODUCT.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.endsWith(".grammar"))
            .filter(name -> !document.contains("`" + name + "`"))
            .filter(
                name -> !document.contains("`" + name.substring(0, name.lastIndexOf('.')) + "`"))
            .distinct())
        .as("packages that docs/ARCHITECTURE.md does not name")
        .isEmpty();
  }

  @Test
  void theWordsOfTheDocumentAreClasses() throws IOException {
    String document = Files.readString(Path.of("../docs/ARCHITECTURE.md"));
    String words = document.substring(document.indexOf("## Words"));
    Set<String> names = Pattern.compile("`([A-Z]\\w+)`(?=[^|]*\\|$)", Pattern.MULTILINE)
        .matcher(words.substring(0, words.indexOf("\n## ")))
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toSet());

    assertThat(names).contains("Plan", "Rectangle", "Classes");
    assertThat(PRODUCT.stream().map(JavaClass::getSimpleName)).containsAll(names);
  }

  @Test
  void theRulesSeeEveryModuleThatHasCode() {
    assertThat(PRODUCT.stream().map(ArchitectureTest::module).distinct())
        .contains("policy-model", "policy-testing", "cli");
  }

  private static String module(JavaClass type) {
    return type.getSource().map(source -> module(source.getUri().toString())).orElse("");
  }

  private static String module(String location) {
    Matcher matcher = MODULE.matcher(location);
    return matcher.find() ? matcher.group(1) : "";
  }
}
