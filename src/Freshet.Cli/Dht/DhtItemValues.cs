using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Freshet.Cli.Dht;

/// <summary>The parts of an item as given on the command line.</summary>
internal static class DhtItemValues
{
    private const int MaxValueLength = 1_000;
    private const int MaxSaltLength = 64;

    public static Option<string?> SaltOption() =>
        new("--salt") { Description = "Which item of the key; 64 bytes at most.", HelpName = "TEXT" };

    /// <summary>Encodes the text as a bencoded string.</summary>
    public static byte[] ValueOf(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] value = [.. Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture)), (byte)':', .. bytes];
        return value.Length <= MaxValueLength
            ? value
            : throw new CliException($"The text has {bytes.Length} bytes; an item has room for 996.", "Store less of it.");
    }

    public static byte[] SaltOf(string? text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        return bytes.Length <= MaxSaltLength
            ? bytes
            : throw new CliException($"The salt has {bytes.Length} bytes; at most 64 are allowed.", "Choose a shorter one.");
    }
}
