namespace Freshet.Cli.Parsing;

/// <summary>A torrent as the user names it: a path, or a URL.</summary>
internal readonly record struct TorrentReference(string Text)
{
    /// <summary>Whether it is to be fetched over HTTP.</summary>
    public bool IsUrl =>
        Text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || Text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a magnet link (BEP 9).</summary>
    public bool IsMagnet => Text.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Text;
}
