using System.Net;
using Freshet.Connections;

namespace Freshet.Tests.Connections;

/// <summary>Says hello, reads as much as comes, and gives back what was not for it.</summary>
internal sealed class FakeLayer : ITransportLayer
{
    public static readonly byte[] Hello = "hello"u8.ToArray();

    public List<EndPoint> Targets { get; } = [];

    public async ValueTask<ITransport> OpenAsync(ITransport below, EndPoint target, CancellationToken cancellationToken)
    {
        Targets.Add(target);
        await below.SendAsync(Hello);
        byte[] buffer = new byte[1_000];
        int received = 0;
        while (received < Hello.Length)
        {
            int more = await below.ReceiveAsync(buffer.AsMemory(received));
            Assert.NotEqual(0, more);
            received += more;
        }

        Assert.Equal(Hello, buffer[..Hello.Length]);
        return new PrefixedTransport(below, buffer.AsMemory(Hello.Length..received));
    }
}
