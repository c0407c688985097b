using System.Text;
using System.Text.Json;
using Freshet.Cli.Output;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Cli.Peers;

/// <summary>Shows what a peer said about itself.</summary>
internal static class PeerProbeOutput
{
    public static void WriteJson(Utf8JsonWriter writer, PeerProbeResult result)
    {
        ReservedBits reserved = result.Reserved;
        PeerProbeExtensions? extensions = result.Extensions;
        writer.WriteStartObject();
        writer.WriteString("endpoint", result.EndPoint.ToString());
        writer.WriteString("peerId", result.PeerId.ToString());
        writer.WriteString("client", result.Client.Name);
        writer.WriteString("version", result.Client.Version.Length > 0 ? result.Client.Version : null);
        writer.WriteString("reserved", reserved.ToString());
        writer.WriteBoolean("fast", reserved.Fast);
        writer.WriteBoolean("dht", reserved.Dht);
        writer.WriteBoolean("extensionProtocol", reserved.ExtensionProtocol);
        writer.WriteBoolean("v2", reserved.V2);
        if (extensions is null)
        {
            writer.WriteNull("extensions");
        }
        else
        {
            writer.WriteStartObject("extensions");
            foreach ((string name, int number) in extensions.Messages)
                writer.WriteNumber(name, number);
            writer.WriteEndObject();
        }

        writer.WriteString("clientName", extensions?.Client);
        WriteNumber(writer, "port", extensions?.Port);
        WriteNumber(writer, "requestQueue", extensions?.RequestQueue);
        WriteNumber(writer, "metadataSize", extensions?.MetadataSize);
        writer.WriteString("yourAddress", extensions?.YourAddress?.ToString());
        writer.WriteStartArray("ways");
        foreach (PeerProbeWay way in result.Ways)
        {
            writer.WriteStartObject();
            writer.WriteString("transport", way.Transport == PeerTransport.Tcp ? "tcp" : "utp");
            writer.WriteString("encryption", Codes.Of(way.Encryption));
            writer.WriteString("failure", way.Failure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteText(TextWriter output, PeerProbeResult result)
    {
        ReservedBits reserved = result.Reserved;
        Field(output, "Peer", result.EndPoint.ToString());
        Field(output, "Peer id", Printable(result.PeerId));
        Field(output, "Client", result.Client.ToString());
        Field(output, "Reserved", $"{reserved} ({Features(reserved)})");
        foreach (PeerProbeWay way in result.Ways)
            Field(output, Words(way), way.Failure is null ? "taken" : $"not taken: {way.Failure}");
        if (result.Extensions is not { } extensions)
        {
            Field(output, "Extensions", reserved.ExtensionProtocol ? "it sent no extension handshake" : "none (BEP 10 is not spoken)");
            return;
        }

        Field(output, "Extensions", extensions.Messages.IsEmpty
            ? "none"
            : string.Join(", ", extensions.Messages.Select(message => $"{message.Key} ({message.Value})")));
        Field(output, "Calls itself", extensions.Client);
        Field(output, "Listens on", extensions.Port?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Field(output, "Requests", extensions.RequestQueue is { } queue ? $"up to {queue} are kept" : null);
        Field(output, "Metadata", extensions.MetadataSize is { } size ? new ByteSize(size).ToString() : null);
        Field(output, "Your address", extensions.YourAddress?.ToString());
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }

    private static void Field(TextWriter output, string label, string? value)
    {
        if (value is not null)
            output.WriteLine(label.PadRight(14) + SafeText.Of(value));
    }

    private static string Words(PeerProbeWay way) => (way.Transport, way.Encryption) switch
    {
        (PeerTransport.Tcp, PeerEncryption.None) => "Plain",
        (PeerTransport.Tcp, PeerEncryption.Handshake) => "Encrypted",
        (PeerTransport.Tcp, _) => "RC4",
        (_, PeerEncryption.None) => "uTP plain",
        (_, PeerEncryption.Handshake) => "uTP encrypted",
        _ => "uTP RC4",
    };

    private static string Features(ReservedBits reserved)
    {
        List<string> names = [];
        if (reserved.ExtensionProtocol)
            names.Add("extension protocol");
        if (reserved.Fast)
            names.Add("fast");
        if (reserved.Dht)
            names.Add("DHT");
        if (reserved.V2)
            names.Add("v2");
        return names.Count == 0 ? "none that Freshet knows" : string.Join(", ", names);
    }

    private static string Printable(PeerId id)
    {
        byte[] bytes = id.ToArray();
        StringBuilder text = new(PeerId.Length);
        foreach (byte value in bytes)
            text.Append(value is > (byte)' ' and < 0x7F ? (char)value : '.');
        return $"{text} ({id})";
    }
}
