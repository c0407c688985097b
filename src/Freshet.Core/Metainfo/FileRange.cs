using System.Globalization;

namespace Freshet.Core.Metainfo;

/// <summary>Files from one index to another, both included (BEP 53).</summary>
public readonly record struct FileRange(int First, int Last)
{
    /// <summary>Whether a file is among them.</summary>
    public bool Contains(int file) => file >= First && file <= Last;

    /// <summary>As a magnet link has it: <c>4</c> or <c>6-8</c>.</summary>
    public override string ToString() =>
        First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
