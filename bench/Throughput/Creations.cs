using System.Globalization;
using System.Numerics;
using Freshet.Interop.Clients;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>Creation of a torrent from one file, in whole processes.</summary>
internal sealed class Creations
{
    private readonly SampleTorrent _torrent;
    private readonly string _folder;
    private readonly string _output;
    private readonly int _pieceLength;

    public Creations(SampleTorrent torrent, string folder, int pieceLength)
    {
        _pieceLength = pieceLength;
        _torrent = torrent;
        _folder = folder;
        _output = Path.Combine(folder, "created.torrent");
    }

    public IEnumerable<Contender> Contenders()
    {
        string data = _torrent.DataPath;
        string kib = (_pieceLength / 1024).ToString(CultureInfo.InvariantCulture);
        yield return Of(
            ClientKind.Freshet, "freshet", [.. FreshetExecutable.Command, "create", data, "-o", _output, "--piece-size", kib + "KiB"]);
        string length = BitOperations.Log2((uint)_pieceLength).ToString(CultureInfo.InvariantCulture);
        foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            string count = threads.ToString(CultureInfo.InvariantCulture);
            yield return Of(ClientKind.Mktorrent, $"mktorrent -t {count}", ["mktorrent", "-l", length, "-t", count, "-o", _output, data]);
        }

        yield return Of(ClientKind.Transmission, "transmission-create", ["transmission-create", "-s", kib, "-o", _output, data]);
        yield return Of(ClientKind.Libtorrent, "libtorrent", LibtorrentTool.CreateCommand(data, _output, _pieceLength));
    }

    private Contender Of(ClientKind kind, string label, IReadOnlyList<string> command) =>
        new(kind, label, first => MeasureAsync(command, first && kind != ClientKind.Transmission));

    /// <summary>Transmission writes a key "private" into every info dictionary, so its info-hash differs, which is no error.</summary>
    private async Task<Figures> MeasureAsync(IReadOnlyList<string> command, bool compare)
    {
        File.Delete(_output);
        PageCache.Settle(_torrent.DataPath);
        Figures figures = await MeasuredCommand.RunAsync(_folder, command);
        return !compare || SampleTorrent.ReadInfoHash(_output) == _torrent.InfoHash
            ? figures
            : throw new InvalidOperationException("The torrent's info-hash is not that of the sample.");
    }
}
