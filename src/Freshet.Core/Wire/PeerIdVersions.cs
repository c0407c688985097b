using System.Globalization;
using System.Text;

namespace Freshet.Core.Wire;

/// <summary>Decodes the versions in peer ids.</summary>
internal static class PeerIdVersions
{
    /// <summary>Decodes the four version characters of an Azureus-style id as the given client encodes them.</summary>
    public static string OfAzureus(string code, ReadOnlySpan<byte> version) => code switch
    {
        "TR" => OfTransmission(version),
        "BC" or "AX" or "CD" or "WW" or "WD" or "FG" or "FX" => $"{Number(version[..2])}.{TwoDigits(version[2..])}",
        "UT" or "UM" or "UE" or "UW" or "BT" or "BI" => Dotted(version[..3]),
        _ => Dotted(version[3] == '0' || !IsVersionDigit(version[3]) ? version[..3] : version),
    };

    /// <summary>Formats each character as a number, separated by dots: <c>20B</c> is 2.0.11.</summary>
    public static string Dotted(ReadOnlySpan<byte> digits)
    {
        StringBuilder text = new();
        foreach (byte digit in digits)
        {
            if (!IsVersionDigit(digit))
                break;
            if (text.Length > 0)
                text.Append('.');
            text.Append(Digit(digit));
        }

        return text.ToString();
    }

    /// <summary>Decodes a digit: 0 to 9, then A is 10 and a is 36.</summary>
    public static string Digit(byte digit)
    {
        int value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'A' and <= (byte)'Z' => digit - 'A' + 10,
            >= (byte)'a' and <= (byte)'z' => digit - 'a' + 36,
            _ => 0,
        };
        return value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Parses decimal digits as one number, without leading zeros.</summary>
    public static string Number(ReadOnlySpan<byte> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : Dotted(digits);

    // Up to 3.00 the second number has two digits; since 4.0 there are three numbers. The last character marks previews.
    private static string OfTransmission(ReadOnlySpan<byte> version)
    {
        string number = version[0] <= '3' ? $"{Digit(version[0])}.{TwoDigits(version[1..3])}" : Dotted(version[..3]);
        return number + version[3] switch
        {
            (byte)'B' => " beta",
            (byte)'X' or (byte)'Z' => " development",
            _ => "",
        };
    }

    private static string TwoDigits(ReadOnlySpan<byte> digits) =>
        char.IsAsciiDigit((char)digits[0]) && char.IsAsciiDigit((char)digits[1]) ? Encoding.ASCII.GetString(digits[..2]) : Dotted(digits);

    private static bool IsVersionDigit(byte value) => char.IsAsciiLetterOrDigit((char)value);
}
