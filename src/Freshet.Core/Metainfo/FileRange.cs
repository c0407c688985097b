using System.Globalization;

namespace Freshet.Core.Metainfo;

/// <summary>A range of file indices, both ends included (BEP 53).</summary>
public readonly record struct FileRange(int First, int Last)
{
    /// <summary>Whether a file is in the range.</summary>
    public bool Contains(int file) => file >= First && file <= Last;

    /// <summary>The form used in magnet links: <c>4</c> or <c>6-8</c>.</summary>
    public override string ToString() =>
        First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
