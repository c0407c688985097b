using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Freshet.Tests.WebSeeds;

/// <summary>A request to a <see cref="FileServer"/>.</summary>
/// <param name="Path">The path, decoded.</param>
/// <param name="From">The first byte.</param>
/// <param name="To">The last byte.</param>
/// <param name="Number">How many requests came before it.</param>
/// <param name="Head">The whole head of the request.</param>
internal sealed record FileQuery(string Path, int From, int To, int Number, string Head);

/// <summary>
/// A server on loopback that keeps connections and serves ranges of files, or, if a test says so, sends exactly the bytes that a bad
/// server would send.
/// </summary>
internal sealed partial class FileServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IReadOnlyDictionary<string, byte[]> _files;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _queries;

    public FileServer(IReadOnlyDictionary<string, byte[]> files, IPAddress? address = null)
    {
        _files = files;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>
    /// Writes another answer than a good server would, or returns false to leave it to the good one. Null: all answers are good.
    /// </summary>
    public Func<FileQuery, byte[], Stream, Task<bool>>? Script { get; init; }

    public ConcurrentQueue<FileQuery> Queries { get; } = [];

    public int Connections => _connections.Count;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://{_listener.LocalEndpoint}/";

    /// <summary>The bytes of a file with a custom head.</summary>
    public static async Task<bool> SendAsync(Stream stream, string head, ReadOnlyMemory<byte> body)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {head}\r\n\r\n"));
        await stream.WriteAsync(body);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        using CancellationTokenRegistration closing = _stopping.Token.Register(client.Close);
        try
        {
            Stream stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { } head)
                await AnswerAsync(head, stream);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private static async Task<string?> ReadHeadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task AnswerAsync(string head, Stream stream)
    {
        string path = Uri.UnescapeDataString(head.Split(' ')[1]).TrimStart('/');
        _files.TryGetValue(path, out byte[]? file);
        file ??= [];
        Match range = RangeHeader().Match(head);
        int from = range.Success ? int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        int to = range.Success ? int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture) : file.Length - 1;
        FileQuery query = new(path, from, to, Interlocked.Increment(ref _queries) - 1, head);
        Queries.Enqueue(query);
        if (Script is { } script && await script(query, file, stream))
            return;
        if (file.Length == 0)
            await SendAsync(stream, "404 Not Found\r\nContent-Length: 0", default);
        else
            await SendAsync(stream, GoodHead(query, file), file.AsMemory(from, to - from + 1));
    }

    public static string GoodHead(FileQuery query, byte[] file) =>
        $"206 Partial Content\r\nContent-Length: {query.To - query.From + 1}\r\n"
        + $"Content-Range: bytes {query.From}-{query.To}/{file.Length}";

    [GeneratedRegex("^Range: bytes=(\\d+)-(\\d+)\r$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex RangeHeader();
}
