using System.Net;
using System.Net.Sockets;

namespace Freshet.Throughput.Bottlenecks;

/// <summary>A TCP connection of the kernel (CUBIC) over a bottleneck, which sends as fast as it can until it is disposed.</summary>
internal sealed class KernelFlow : IAsyncDisposable
{
    private const int Tcp = 6;
    private const int CongestionControl = 13;

    private readonly Socket _sending;
    private readonly Socket _receiving;
    private readonly Task _running;

    private KernelFlow(Socket sending, Socket receiving)
    {
        _sending = sending;
        _receiving = receiving;
        _running = Task.WhenAll(Task.Run(SendAsync), Task.Run(ReceiveAsync));
    }

    public static async Task<KernelFlow> StartAsync(Bottleneck bottleneck)
    {
        using Socket listener = bottleneck.Far.NewSocket();
        listener.Bind(new IPEndPoint(bottleneck.FarAddress, 0));
        listener.Listen();
        Socket sending = bottleneck.Near.NewSocket();
        sending.SetRawSocketOption(Tcp, CongestionControl, "cubic"u8);
        Task<Socket> accepting = listener.AcceptAsync();
        await sending.ConnectAsync(listener.LocalEndPoint!);
        return new KernelFlow(sending, await accepting);
    }

    public async ValueTask DisposeAsync()
    {
        // What is queued is not sent any more.
        _sending.LingerState = new LingerOption(true, 0);
        _sending.Dispose();
        _receiving.Dispose();
        await _running;
    }

    private async Task SendAsync()
    {
        byte[] bytes = new byte[256 * 1024];
        try
        {
            while (true)
                await _sending.SendAsync(bytes);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was asked to stop.
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] bytes = new byte[256 * 1024];
        try
        {
            while (await _receiving.ReceiveAsync(bytes) > 0)
            {
                // Nobody reads it.
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other end has stopped.
        }
    }
}
