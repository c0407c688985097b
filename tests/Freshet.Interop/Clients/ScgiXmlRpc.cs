using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;

namespace Freshet.Interop.Clients;

/// <summary>XML-RPC calls, each as an SCGI request (a netstring of headers, then the body) on its own connection.</summary>
internal sealed class ScgiXmlRpc(string socketPath)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>All strings and numbers of the answer, one per line.</summary>
    public async Task<string> CallAsync(string method, params string[] arguments)
    {
        XElement call = new("methodCall", new XElement("methodName", method), new XElement("params", arguments.Select(argument =>
            new XElement("param", new XElement("value", new XElement("string", argument))))));
        byte[] body = Encoding.UTF8.GetBytes(call.ToString(SaveOptions.DisableFormatting));
        string headers = $"CONTENT_LENGTH\0{body.Length}\0SCGI\01\0";

        using CancellationTokenSource patience = new(Bound);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), patience.Token);
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{headers.Length}:{headers},"), patience.Token);
        await stream.WriteAsync(body, patience.Token);
        using StreamReader reader = new(stream);
        string answer = await reader.ReadToEndAsync(patience.Token);

        XElement response = XElement.Parse(answer[answer.IndexOf("<?xml", StringComparison.Ordinal)..]);
        string values = string.Join('\n', response.Descendants("value").Where(value => !value.Descendants("value").Any())
            .Select(value => value.Value));
        return response.Element("fault") is null
            ? values
            : throw new InvalidOperationException($"rtorrent {method}: {values}");
    }
}
