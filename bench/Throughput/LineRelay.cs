using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Freshet.Throughput;

/// <summary>
/// Stands between two clients and behaves like a <see cref="Line"/>: accepts one connection, opens another, and relays data in each
/// direction at the line's rate, delayed by half the round-trip time. What does not fit into the line stays with the sender.
/// </summary>
internal sealed class LineRelay : IAsyncDisposable
{
    private const int ChunkLength = 16 * 1024;

    private readonly Line _line;
    private readonly IPEndPoint _target;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _running;

    public LineRelay(Line line, IPAddress address, IPEndPoint target)
    {
        _line = line;
        _target = target;
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen();
        _running = Task.Run(RunAsync);
    }

    /// <summary>The address to connect to instead of the target.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener.Dispose();
        await _running;
        _ends.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using Socket near = await _listener.AcceptAsync(_ends.Token);
                using Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(_target, _ends.Token);
                near.NoDelay = far.NoDelay = true;
                await Task.WhenAny(CarryAsync(near, far), CarryAsync(far, near));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    // The line holds as much as it carries in half a round trip, and the queue of a router a tenth of a second more.
    private async Task CarryAsync(Socket from, Socket to)
    {
        TimeSpan oneWay = _line.RoundTrip / 2;
        long held = (long)(_line.Rate.BytesPerSecond * (oneWay.TotalSeconds + 0.1));
        Channel<(byte[] Bytes, TimeSpan Due)> way = Channel.CreateBounded<(byte[], TimeSpan)>((int)Math.Max(4, held / ChunkLength));
        Stopwatch clock = Stopwatch.StartNew();
        Task delivering = DeliverAsync(way.Reader, to);
        TimeSpan free = TimeSpan.Zero;
        try
        {
            byte[] buffer = new byte[ChunkLength];
            for (int read; (read = await from.ReceiveAsync(buffer, _ends.Token)) > 0;)
            {
                // The line is free again once this has been put onto it.
                TimeSpan now = clock.Elapsed;
                free = (free > now ? free : now) + TimeSpan.FromSeconds(read / (double)_line.Rate.BytesPerSecond);
                await way.Writer.WriteAsync((buffer[..read], free + oneWay), _ends.Token);
            }
        }
        catch (SocketException)
        {
            // A client has left.
        }
        finally
        {
            way.Writer.Complete();
            await delivering;
        }

        async Task DeliverAsync(ChannelReader<(byte[] Bytes, TimeSpan Due)> reader, Socket destination)
        {
            await foreach ((byte[] bytes, TimeSpan due) in reader.ReadAllAsync())
            {
                // Timers are coarse, so what is due within a millisecond is sent now: rate and delay are then right on average.
                TimeSpan wait = due - clock.Elapsed;
                if (wait > TimeSpan.FromMilliseconds(1))
                    await Task.Delay(wait);
                try
                {
                    for (int sent = 0; sent < bytes.Length;)
                        sent += await destination.SendAsync(bytes.AsMemory(sent));
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
