using System.Collections.Immutable;

namespace Freshet.Core.Metainfo;

/// <summary>What a reader has to say about a torrent, up to <see cref="MetainfoLimits.MaxWarnings"/>; the rest is counted.</summary>
internal sealed class MetainfoWarnings
{
    private readonly List<string> _warnings = [];
    private int _more;

    /// <summary>Says something of a field.</summary>
    public void Add(string field, string text)
    {
        if (HasRoom())
            _warnings.Add($"{field}: {text}");
    }

    /// <summary>Says what a file's path became. Put together only if there is room for it: there may be a million of them.</summary>
    public void AddPath(int file, string text, string path)
    {
        if (HasRoom())
            _warnings.Add($"info.files[{file}].path: {text} '{path}'");
    }

    /// <summary>Says something of a file's field.</summary>
    public void Add(int file, string field, string text)
    {
        if (HasRoom())
            _warnings.Add($"info.files[{file}].{field}: {text}");
    }

    /// <summary>All that was said.</summary>
    public ImmutableArray<string> ToImmutable() =>
        _more == 0 ? [.. _warnings] : [.. _warnings, $"and {_more} more"];

    private bool HasRoom()
    {
        if (_warnings.Count < MetainfoLimits.MaxWarnings)
            return true;
        _more++;
        return false;
    }
}
