namespace Freshet.Daemon.Security;

/// <summary>
/// Follows the links in a path, one element at a time, so that whoever steps knows beforehand which disk the next step asks.
/// </summary>
internal sealed class LinkWalk
{
    private const int MostLinks = 40;
    private readonly Stack<string> _left;
    private string? _done;
    private int _links;

    /// <param name="path">An absolute path.</param>
    public LinkWalk(string path)
    {
        _left = new Stack<string>(Elements(path).Reverse());
        _done = Path.GetPathRoot(path)!;
    }

    /// <summary>What the next step looks at; null at the end.</summary>
    public string? Next => _done is not null && _left.TryPeek(out string? element) ? Path.Combine(_done, element) : null;

    /// <summary>Where the path lies, at the end; null if links lead in a circle.</summary>
    public string? End => _done;

    /// <summary>Follows the next element. May block for as long as its disk does.</summary>
    public void Step()
    {
        string element = _left.Pop();
        if (element == "..")
        {
            _done = Path.GetDirectoryName(_done) ?? _done;
            return;
        }

        string next = Path.Combine(_done!, element);
        if (new FileInfo(next).LinkTarget is not { } target)
        {
            _done = next;
            return;
        }

        foreach (string part in Elements(target).Reverse())
            _left.Push(part);
        if (++_links > MostLinks)
            _done = null;
        else if (Path.IsPathRooted(target))
            _done = Path.GetPathRoot(target)!;
    }

    private static IEnumerable<string> Elements(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(element => element != ".");
}
