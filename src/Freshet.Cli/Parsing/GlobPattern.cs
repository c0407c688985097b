namespace Freshet.Cli.Parsing;

/// <summary>
/// A pattern for paths: <c>*</c> and <c>?</c> stay within an element, <c>**</c> does not. Without a <c>/</c> it is about the file's
/// name, in any folder. Letters match in either case.
/// </summary>
internal sealed class GlobPattern(string pattern)
{
    // Stands for ** once the pattern is compiled; no path holds it.
    private const char AnyPath = '\0';

    private readonly string _pattern = pattern.Replace("**/", "\0", StringComparison.Ordinal).Replace("**", "\0", StringComparison.Ordinal);
    private readonly bool _isName = !pattern.Contains('/', StringComparison.Ordinal) && !pattern.Contains("**", StringComparison.Ordinal);

    /// <param name="path">A path with <c>/</c> between elements.</param>
    public bool IsMatch(string path) => Matches(_isName ? path[(path.LastIndexOf('/') + 1)..] : path);

    public override string ToString() => pattern;

    /// <summary>
    /// Tries the shortest run for each star, and on a mismatch gives the last star one character more. Only the last star of each
    /// kind has to be gone back to, so the time is bounded by the product of the lengths.
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
            if (at < _pattern.Length && expected == AnyPath)
            {
                path = new Retry(++at, i);
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
                star = star with { TextAt = star.TextAt + 1 };
                (at, i) = (star.PatternAt, star.TextAt);
            }
            else if (path.CanGrow(text))
            {
                path = path with { TextAt = path.TextAt + 1 };
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

    private static bool IsSame(char expected, char actual) =>
        expected == '?' ? actual != '/' : char.ToUpperInvariant(expected) == char.ToUpperInvariant(actual);

    /// <summary>Where to go on when what follows a star did not match.</summary>
    private readonly record struct Retry(int PatternAt, int TextAt)
    {
        public static Retry None => new(-1, -1);

        public bool CanGrow(string text) => PatternAt >= 0 && TextAt < text.Length;
    }
}
