package shop.analysis;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.core.DecimalDigitFilter;
import org.apache.lucene.analysis.core.FlattenGraphFilter;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.LetterTokenizer;
import org.apache.lucene.analysis.core.UpperCaseFilter;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.KeywordRepeatFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.LimitTokenCountFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.miscellaneous.TruncateTokenFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenizer;
import org.apache.lucene.analysis.ngram.NGramTokenFilter;
import org.apache.lucene.analysis.ngram.NGramTokenizer;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceFilter;
import org.apache.lucene.analysis.pattern.PatternTokenizer;
import org.apache.lucene.analysis.reverse.ReverseStringFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.AbstractCharFilterFactory;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.AbstractTokenizerFactory;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.PreConfiguredCharFilter;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.index.analysis.PreConfiguredTokenizer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * The part of Elasticsearch's module analysis-common that an index of products needs, under the same names and with the same settings and
 * defaults, so that a mapping which works with it works on a whole Elasticsearch too. Lucene's own classes do the work.
 */
public class CommonAnalysis extends Plugin implements AnalysisPlugin {

  private interface FilterMaker {
    TokenStream make(TokenStream in, Settings settings);
  }

  private interface TokenizerMaker {
    Tokenizer make(Settings settings);
  }

  private interface ReaderMaker {
    Reader make(Reader in, Settings settings);
  }

  /** Those that keep one token one token, which a keyword's normalizer may use. */
  private static final Map<String, FilterMaker> NORMALIZING =
      Map.of(
          "lowercase", (in, s) -> new LowerCaseFilter(in),
          "uppercase", (in, s) -> new UpperCaseFilter(in),
          "asciifolding", (in, s) -> new ASCIIFoldingFilter(in, s.getAsBoolean("preserve_original", false)),
          "trim", (in, s) -> new TrimFilter(in),
          "decimal_digit", (in, s) -> new DecimalDigitFilter(in),
          "german_normalization", (in, s) -> new GermanNormalizationFilter(in),
          "pattern_replace", CommonAnalysis::patternReplace);

  private static final Map<String, FilterMaker> FILTERS =
      Map.ofEntries(
          Map.entry("edge_ngram", CommonAnalysis::edgeNgram),
          Map.entry("ngram", CommonAnalysis::ngram),
          Map.entry("stemmer", (in, s) -> stem(in, s.get("language", s.get("name", "porter")))),
          Map.entry("snowball", (in, s) -> stem(in, s.get("language", "English"))),
          Map.entry("porter_stem", (in, s) -> new PorterStemFilter(in)),
          Map.entry("kstem", (in, s) -> new KStemFilter(in)),
          Map.entry("word_delimiter_graph", CommonAnalysis::wordDelimiter),
          Map.entry("flatten_graph", (in, s) -> new FlattenGraphFilter(in)),
          Map.entry("remove_duplicates", (in, s) -> new RemoveDuplicatesTokenFilter(in)),
          Map.entry("unique", (in, s) -> new RemoveDuplicatesTokenFilter(in)),
          Map.entry("reverse", (in, s) -> new ReverseStringFilter(in)),
          Map.entry("keyword_repeat", (in, s) -> new KeywordRepeatFilter(in)),
          Map.entry("keyword_marker", (in, s) -> new SetKeywordMarkerFilter(in, words(s.getAsList("keywords")))),
          Map.entry("length", (in, s) -> new LengthFilter(in, s.getAsInt("min", 0), s.getAsInt("max", Integer.MAX_VALUE))),
          Map.entry("truncate", (in, s) -> new TruncateTokenFilter(in, s.getAsInt("length", 10))),
          Map.entry("limit", (in, s) -> new LimitTokenCountFilter(in, s.getAsInt("max_token_count", 1))));

  private static final Map<String, TokenizerMaker> TOKENIZERS =
      Map.of(
          "keyword", s -> new KeywordTokenizer(s.getAsInt("buffer_size", 256)),
          "whitespace", s -> new WhitespaceTokenizer(),
          "letter", s -> new LetterTokenizer(),
          "pattern", s -> new PatternTokenizer(Pattern.compile(s.get("pattern", "\\W+")), s.getAsInt("group", -1)),
          "edge_ngram", CommonAnalysis::edgeNgramTokenizer,
          "ngram", CommonAnalysis::ngramTokenizer);

  private static final Map<String, ReaderMaker> READERS =
      Map.of(
          "html_strip", (in, s) -> new HTMLStripCharFilter(in, Set.copyOf(s.getAsList("escaped_tags"))),
          "mapping", (in, s) -> new MappingCharFilter(mappings(s.getAsList("mappings")), in),
          "pattern_replace", (in, s) -> new PatternReplaceCharFilter(Pattern.compile(s.get("pattern")), s.get("replacement", ""), in));

  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    Map<String, AnalysisProvider<TokenFilterFactory>> all = new HashMap<>();
    FILTERS.forEach((name, maker) -> all.put(name, (index, env, given, settings) -> new Filter(given, settings, maker)));
    NORMALIZING.forEach((name, maker) -> all.put(name, (index, env, given, settings) -> new NormalizingFilter(given, settings, maker)));
    for (String name : List.of("synonym", "synonym_graph")) {
      all.put(name, AnalysisPlugin.requiresAnalysisSettings((index, env, given, settings) -> synonyms(given, settings)));
    }
    return all;
  }

  @Override
  public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
    Map<String, AnalysisProvider<TokenizerFactory>> all = new HashMap<>();
    TOKENIZERS.forEach(
        (name, maker) ->
            all.put(
                name,
                (index, env, given, settings) ->
                    new AbstractTokenizerFactory(index, settings, given) {
                      @Override
                      public Tokenizer create() {
                        return maker.make(settings);
                      }
                    }));
    return all;
  }

  @Override
  public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
    Map<String, AnalysisProvider<CharFilterFactory>> all = new HashMap<>();
    READERS.forEach((name, maker) -> all.put(name, (index, env, given, settings) -> new CharFilter(given, settings, maker)));
    return all;
  }

  /** What a mapping may name without declaring it. */
  @Override
  public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
    List<PreConfiguredTokenFilter> all = new java.util.ArrayList<>();
    for (String name : List.of("uppercase", "asciifolding", "trim", "decimal_digit", "german_normalization")) {
      all.add(PreConfiguredTokenFilter.singleton(name, true, in -> NORMALIZING.get(name).make(in, Settings.EMPTY)));
    }
    for (String name : List.of("edge_ngram", "ngram", "porter_stem", "kstem", "word_delimiter_graph", "unique", "reverse", "remove_duplicates", "truncate")) {
      all.add(PreConfiguredTokenFilter.singleton(name, false, in -> FILTERS.get(name).make(in, Settings.EMPTY)));
    }
    return all;
  }

  @Override
  public List<PreConfiguredTokenizer> getPreConfiguredTokenizers() {
    Function<String, PreConfiguredTokenizer> plain = name -> PreConfiguredTokenizer.singleton(name, () -> TOKENIZERS.get(name).make(Settings.EMPTY));
    return List.of(plain.apply("keyword"), plain.apply("whitespace"), plain.apply("letter"), plain.apply("pattern"), plain.apply("edge_ngram"), plain.apply("ngram"));
  }

  @Override
  public List<PreConfiguredCharFilter> getPreConfiguredCharFilters() {
    return List.of(PreConfiguredCharFilter.singleton("html_strip", false, HTMLStripCharFilter::new));
  }

  private static class Filter extends AbstractTokenFilterFactory {
    private final Settings settings;
    private final FilterMaker maker;

    Filter(String name, Settings settings, FilterMaker maker) {
      super(name, settings);
      this.settings = settings;
      this.maker = maker;
    }

    @Override
    public TokenStream create(TokenStream in) {
      return maker.make(in, settings);
    }
  }

  private static final class NormalizingFilter extends Filter implements NormalizingTokenFilterFactory {
    NormalizingFilter(String name, Settings settings, FilterMaker maker) {
      super(name, settings, maker);
    }
  }

  private static final class CharFilter extends AbstractCharFilterFactory implements NormalizingCharFilterFactory {
    private final Settings settings;
    private final ReaderMaker maker;

    CharFilter(String name, Settings settings, ReaderMaker maker) {
      super(name);
      this.settings = settings;
      this.maker = maker;
    }

    @Override
    public Reader create(Reader in) {
      return maker.make(in, settings);
    }
  }

  private static TokenStream edgeNgram(TokenStream in, Settings s) {
    return new EdgeNGramTokenFilter(in, s.getAsInt("min_gram", 1), s.getAsInt("max_gram", 2), s.getAsBoolean("preserve_original", false));
  }

  private static TokenStream ngram(TokenStream in, Settings s) {
    return new NGramTokenFilter(in, s.getAsInt("min_gram", 1), s.getAsInt("max_gram", 2), s.getAsBoolean("preserve_original", false));
  }

  private static Tokenizer edgeNgramTokenizer(Settings s) {
    List<String> kinds = s.getAsList("token_chars");
    return new EdgeNGramTokenizer(s.getAsInt("min_gram", 1), s.getAsInt("max_gram", 2)) {
      @Override
      protected boolean isTokenChar(int chr) {
        return isOneOf(kinds, chr);
      }
    };
  }

  private static Tokenizer ngramTokenizer(Settings s) {
    List<String> kinds = s.getAsList("token_chars");
    return new NGramTokenizer(s.getAsInt("min_gram", 1), s.getAsInt("max_gram", 2)) {
      @Override
      protected boolean isTokenChar(int chr) {
        return isOneOf(kinds, chr);
      }
    };
  }

  private static boolean isOneOf(List<String> kinds, int chr) {
    if (kinds.isEmpty()) {
      return true;
    }
    for (String kind : kinds) {
      boolean is =
          switch (kind) {
            case "letter" -> Character.isLetter(chr);
            case "digit" -> Character.isDigit(chr);
            case "whitespace" -> Character.isWhitespace(chr);
            default -> throw new IllegalArgumentException("token_chars may be letter, digit and whitespace here, not " + kind);
          };
      if (is) {
        return true;
      }
    }
    return false;
  }

  /** The languages of the shop; Elasticsearch knows more of them. */
  private static TokenStream stem(TokenStream in, String language) {
    return switch (language.toLowerCase(java.util.Locale.ROOT)) {
      case "english", "porter" -> new PorterStemFilter(in);
      case "light_english", "kstem" -> new KStemFilter(in);
      case "porter2" -> new SnowballFilter(in, "English");
      case "possessive_english" -> new EnglishPossessiveFilter(in);
      case "german" -> new SnowballFilter(in, "German");
      case "light_german" -> new org.apache.lucene.analysis.de.GermanLightStemFilter(in);
      case "minimal_german" -> new org.apache.lucene.analysis.de.GermanMinimalStemFilter(in);
      case "minimal_english" -> new org.apache.lucene.analysis.en.EnglishMinimalStemFilter(in);
      case "light_french" -> new org.apache.lucene.analysis.fr.FrenchLightStemFilter(in);
      case "french" -> new SnowballFilter(in, "French");
      case "spanish" -> new SnowballFilter(in, "Spanish");
      case "light_spanish" -> new org.apache.lucene.analysis.es.SpanishLightStemFilter(in);
      case "italian" -> new SnowballFilter(in, "Italian");
      case "dutch" -> new SnowballFilter(in, "Dutch");
      default -> throw new IllegalArgumentException("no stemmer for [" + language + "] in this plugin");
    };
  }

  private static TokenStream wordDelimiter(TokenStream in, Settings s) {
    int flags = 0;
    flags |= flag(s, "generate_word_parts", true, WordDelimiterGraphFilter.GENERATE_WORD_PARTS);
    flags |= flag(s, "generate_number_parts", true, WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS);
    flags |= flag(s, "catenate_words", false, WordDelimiterGraphFilter.CATENATE_WORDS);
    flags |= flag(s, "catenate_numbers", false, WordDelimiterGraphFilter.CATENATE_NUMBERS);
    flags |= flag(s, "catenate_all", false, WordDelimiterGraphFilter.CATENATE_ALL);
    flags |= flag(s, "split_on_case_change", true, WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE);
    flags |= flag(s, "preserve_original", false, WordDelimiterGraphFilter.PRESERVE_ORIGINAL);
    flags |= flag(s, "split_on_numerics", true, WordDelimiterGraphFilter.SPLIT_ON_NUMERICS);
    flags |= flag(s, "stem_english_possessive", true, WordDelimiterGraphFilter.STEM_ENGLISH_POSSESSIVE);
    flags |= flag(s, "ignore_keywords", false, WordDelimiterGraphFilter.IGNORE_KEYWORDS);
    return new WordDelimiterGraphFilter(in, s.getAsBoolean("adjust_offsets", true), org.apache.lucene.analysis.miscellaneous.WordDelimiterIterator.DEFAULT_WORD_DELIM_TABLE, flags, words(s.getAsList("protected_words")));
  }

  private static int flag(Settings s, String name, boolean byDefault, int bit) {
    return s.getAsBoolean(name, byDefault) ? bit : 0;
  }

  private static TokenStream patternReplace(TokenStream in, Settings s) {
    return new PatternReplaceFilter(in, Pattern.compile(s.get("pattern")), s.get("replacement", ""), s.getAsBoolean("all", true));
  }

  /** Rules of Solr's form, matched without regard to case: they stand before or after `lowercase` alike. */
  private static TokenFilterFactory synonyms(String name, Settings settings) {
    SynonymMap rules = parseSynonyms(settings.getAsList("synonyms"), settings.getAsBoolean("expand", true));
    return new Filter(name, settings, (in, s) -> rules.fst == null ? in : new SynonymGraphFilter(in, rules, true));
  }

  private static SynonymMap parseSynonyms(List<String> lines, boolean expand) {
    try (Analyzer analyzer = new WhitespaceAnalyzer()) {
      SolrSynonymParser parser = new SolrSynonymParser(true, expand, analyzer);
      parser.parse(new StringReader(String.join("\n", lines).toLowerCase(java.util.Locale.ROOT)));
      return parser.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalArgumentException("the synonyms can't be read: " + e.getMessage(), e);
    }
  }

  private static NormalizeCharMap mappings(List<String> lines) {
    NormalizeCharMap.Builder map = new NormalizeCharMap.Builder();
    for (String line : lines) {
      String[] sides = line.split("=>", 2);
      if (sides.length < 2) {
        throw new IllegalArgumentException("a mapping has the form a => b, not " + line);
      }
      map.add(sides[0].trim(), sides[1].trim());
    }
    return map.build();
  }

  private static CharArraySet words(List<String> words) {
    return new CharArraySet(words, false);
  }
}
