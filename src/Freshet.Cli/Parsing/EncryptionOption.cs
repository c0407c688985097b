using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Core.Peers;

namespace Freshet.Cli.Parsing;

/// <summary><c>--encryption</c>: one policy for both directions and the payload.</summary>
internal static class EncryptionOption
{
    private static readonly string[] Words = ["disabled", "allowed", "preferred", "required"];

    public static Option<EncryptionOptions> Create()
    {
        Option<EncryptionOptions> option = new("--encryption")
        {
            Description = "Encrypt connections with peers: never, for peers that require it (if not given), wherever possible, or always.",
            HelpName = string.Join('|', Words),
            CustomParser = Read,
        };
        option.CompletionSources.Add(Words);
        return option;
    }

    private static EncryptionOptions Read(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        switch (text)
        {
            case "disabled":
                return Both(EncryptionPolicy.Disabled, EncryptedPayload.PlainPreferred);
            case "allowed":
                return Both(EncryptionPolicy.Allowed, EncryptedPayload.PlainPreferred);
            case "preferred":
                return Both(EncryptionPolicy.Preferred, EncryptedPayload.Rc4Preferred);
            case "required":
                return Both(EncryptionPolicy.Required, EncryptedPayload.Rc4Required);
            default:
                result.AddError($"--encryption is disabled, allowed, preferred or required, not '{text}'.");
                return new EncryptionOptions();
        }
    }

    private static EncryptionOptions Both(EncryptionPolicy policy, EncryptedPayload payload) =>
        new() { Incoming = policy, Outgoing = policy, Payload = payload };
}
