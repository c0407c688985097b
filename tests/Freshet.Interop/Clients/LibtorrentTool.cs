using System.Globalization;
using Freshet.Interop.Running;

namespace Freshet.Interop.Clients;

/// <summary>What libtorrent reads from files and writes to them, without a session.</summary>
public static class LibtorrentTool
{
    private const string ReadScript = "import libtorrent, sys; print(libtorrent.torrent_info(sys.argv[1]).info_hash())";

    private const string CreateScript = """
        import libtorrent, os, sys
        source, torrent, piece_length = sys.argv[1:]
        files = libtorrent.file_storage()
        libtorrent.add_files(files, source)
        made = libtorrent.create_torrent(files, int(piece_length), libtorrent.create_torrent.v1_only)
        libtorrent.set_piece_hashes(made, os.path.dirname(source))
        open(torrent, "wb").write(libtorrent.bencode(made.generate()))
        """;

    /// <summary>The info-hash of a .torrent file as libtorrent computes it.</summary>
    public static async Task<string> ReadInfoHashAsync(string workFolder, string torrentPath) =>
        (await ChildProcess.RunAsync(workFolder, [InstalledClients.DebianPython, "-c", ReadScript, torrentPath])).Trim();

    /// <summary>Creates a version 1 torrent and returns its path.</summary>
    public static async Task<string> CreateAsync(string workFolder, string source, int pieceLength)
    {
        string path = Path.Combine(workFolder, "libtorrent.torrent");
        await ChildProcess.RunAsync(workFolder, CreateCommand(source, path, pieceLength));
        return path;
    }

    public static IReadOnlyList<string> CreateCommand(string source, string torrentPath, int pieceLength) =>
        [InstalledClients.DebianPython, "-c", CreateScript, source, torrentPath, pieceLength.ToString(CultureInfo.InvariantCulture)];
}
