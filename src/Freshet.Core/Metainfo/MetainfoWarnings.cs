using System.Collections.Immutable;

namespace Freshet.Core.Metainfo;

/// <summary>Collects the warnings about a torrent, up to <see cref="MetainfoLimits.MaxWarnings"/>; further ones are only counted.</summary>
internal sealed class MetainfoWarnings
{
    private readonly List<string> _warnings = [];
    private int _more;

    /// <summary>Adds a warning about a field.</summary>
    public void Add(string field, string text)
    {
        if (HasRoom())
            _warnings.Add($"{field}: {text}");
    }

    /// <summary>
    /// Adds a warning about a changed file path. The text is only built if there is room for it: there may be a million of them.
    /// </summary>
    public void AddPath(int file, string text, string path)
    {
        if (HasRoom())
            _warnings.Add($"info.files[{file}].path: {text} '{path}'");
    }

    /// <summary>Adds a warning about a field of a file.</summary>
    public void Add(int file, string field, string text)
    {
        if (HasRoom())
            _warnings.Add($"info.files[{file}].{field}: {text}");
    }

    /// <summary>All warnings.</summary>
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
