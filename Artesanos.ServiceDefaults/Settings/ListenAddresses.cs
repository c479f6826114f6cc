using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Artesanos.ServiceDefaults;

/// <summary><c>ASPNETCORE_URLS</c>, which Kestrel would refuse with a stack trace.</summary>
internal static class ListenAddresses
{
    /// <exception cref="WrongSettingException">One of them is no address.</exception>
    public static void Check(IConfiguration configuration)
    {
        var addresses = configuration[WebHostDefaults.ServerUrlsKey]?.Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (!addresses.All(IsAddress))
        {
            throw new WrongSettingException(
                "ASPNETCORE_URLS must be http addresses to listen on, such as http://+:8080, "
                + "with a ; between two. TLS ends in front of the service.");
        }
    }

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.Scheme == Uri.UriSchemeHttp && address.Port is >= 0 and < 65536;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
