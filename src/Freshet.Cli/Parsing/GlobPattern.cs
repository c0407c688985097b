namespace Freshet.Cli.Parsing;

/// <summary>
/// A pattern for paths: <c>*</c> and <c>?</c> match within a path element, <c>**</c> across elements. Without a <c>/</c> it matches the
/// file's name, in any folder. Case-insensitive.
/// </summary>
internal sealed class GlobPattern(string pattern)
{
    // Represent ** and **/ once the pattern is compiled; no path contains them.
    private const char AnyPath = '\0';
    private const char AnyFolders = '\u0001';

    private readonly string _pattern = Compile(pattern);
    private readonly bool _isName = !pattern.Contains('/', StringComparison.Ordinal) && !pattern.Contains("**", StringComparison.Ordinal);

    /// <param name="path">A path with <c>/</c> between elements.</param>
    public bool IsMatch(string path) => Matches(_isName ? path[(path.LastIndexOf('/') + 1)..] : path);

    public override string ToString() => pattern;

    /// <summary>
    /// Tries the shortest match for each star, and on a mismatch extends the last star by one character. Only the last star of each kind
    /// needs backtracking, so the time is bounded by the product of the lengths.
    /// </summary>
    private bool Matches(string text)
    {
        Retry star = Retry.None;
        Retry path = Retry.None;
        int at = 0;
        int i = 0;
        while (i < text.Length || at < _pattern.Length)
        {
            char expected = at < _pattern.Length ? _pattern[at] : '\uFFFF';
            if (at < _pattern.Length && expected is AnyPath or AnyFolders)
            {
                path = new Retry(++at, i, WholeFolders: expected == AnyFolders);
                star = Retry.None;
            }
            else if (at < _pattern.Length && expected == '*')
            {
                star = new Retry(++at, i);
            }
            else if (i < text.Length && at < _pattern.Length && IsSame(expected, text[i]))
            {
                at++;
                i++;
            }
            else if (star.CanGrow(text) && text[star.TextAt] != '/')
            {
                star = star.Grow(text);
                (at, i) = (star.PatternAt, star.TextAt);
            }
            else if (path.CanGrow(text))
            {
                path = path.Grow(text);
                (at, i) = (path.PatternAt, path.TextAt);
                star = Retry.None;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// <c>**/</c> matches whole folders only at the start of an element: <c>**/x</c> is x in any folder, and not every name that ends in x.
    /// </summary>
    private static string Compile(string pattern)
    {
        string compiled = ('/' + pattern).Replace("/**/", "/\u0001", StringComparison.Ordinal);

        // Where neighbours share a slash, as in **/**/, the first has taken it.
        compiled = compiled.Replace("\u0001**/", "\u0001", StringComparison.Ordinal);
        return compiled[1..].Replace("**", "\0", StringComparison.Ordinal);
    }

    private static bool IsSame(char expected, char actual) =>
        expected == '?' ? actual != '/' : char.ToUpperInvariant(expected) == char.ToUpperInvariant(actual);

    /// <summary>Where to continue when the text after a star did not match.</summary>
    private readonly record struct Retry(int PatternAt, int TextAt, bool WholeFolders = false)
    {
        public static Retry None => new(-1, -1);

        public bool CanGrow(string text) => PatternAt >= 0 && TextAt < text.Length && (!WholeFolders || text.IndexOf('/', TextAt) >= 0);

        public Retry Grow(string text) => this with { TextAt = WholeFolders ? text.IndexOf('/', TextAt) + 1 : TextAt + 1 };
    }
}
