//! The bytes of the known answers. None of these keys may protect anything.

use super::hex::hex;

/// RFC 6979 A.2, x on P-256.
pub(super) const P256_X: [u8; 32] =
    hex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
pub(super) const P256_Y: [u8; 32] =
    hex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
pub(super) const ES256: [u8; 64] =
    hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41\
         d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
/// RFC 6979 A.2, x on P-384.
pub(super) const P384_X: [u8; 48] =
    hex("ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea90558660\
         64a254515480bc13");
pub(super) const P384_Y: [u8; 48] =
    hex("8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe\
         7344fd2533264720");
pub(super) const ES384: [u8; 96] =
    hex("94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf9\
         6e36dd1e80fabe4699ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f\
         a329c145786e679e7b82c71a38628ac8");
/// RFC 6979 A.2, x on P-521.
pub(super) const P521_X: [u8; 66] =
    hex("01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db6b\
         5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a4");
pub(super) const P521_Y: [u8; 66] =
    hex("00493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34\
         a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5");
pub(super) const ES512: [u8; 132] =
    hex("00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5\
         d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa00617cce7cf5064806c467f678d3\
         b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1\
         dccc43997f1ee0e44da4a67a");
/// The key whose seed counts from 0 to 31.
pub(super) const ED25519_X: [u8; 32] =
    hex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
pub(super) const ED25519: [u8; 64] =
    hex("60fbc746a97368a7850340b195647afb46e7ca0c751f772c939127ffea04d48578d23a733531125a\
         e257b59a70947bfcdf2f4a38e2274d0de12d8b3ca9d9240a");
/// A modulus of 2048 bits, made by OpenSSL; the exponent is 65537.
pub(super) const RSA_N: [u8; 256] =
    hex("b7ec2218b1cdb929d3a091bb4df0fff99a0951dc41bb59ee162c648d2b73a07fb462e7d4d739b492\
         fee9a1109cb6b9f584cf4c8263dbe2be0fa358fa147fd628b1c60e90c515ad410e96d6ee9747720a\
         623bc1b19318403fb68085703149c84299e3d9283ec867c30b143c3e40474d6c0df16f34a4aa6420\
         e274941fa31c8e8d3e913cc6869e67354da6e452e5f0a0e551a86c01e765e4dcc0165e3699ce4cb8\
         874dbdb5113cbe44f39d1c2f3bdfeb4bf8b06c0b1fd1fb65df54ad9c524855079ca7b885c60a2431\
         a76b927188e882939758934e7a46ec1102372368fa7e43a28cb2e6319db413c12b3593eaa4ce82cc\
         09596a31b28a5669a2b6f6ad92055c6b");
pub(super) const PS256: [u8; 256] =
    hex("14b0b5e1c9feeb2f7fcdb932c421628c211b818121ab269b3cf97660fdb93a78e0b2dc59a98858d8\
         d1bfa40f7163920b6c16e563da4779dac51c7bb33bec08c07377bfab7d8e1c04f0da65020ce85fda\
         21b975f5e4f42ff579859a2f73e367bcd46b5e7e0219fd0c5f4e805a6b94541d9bf49cc07a8ea710\
         93cbf55a4de3fd90967408b069e5045ade4d15b4372608f63176842acc346254d2d64d56beb64840\
         bfa684ec68619454fa066b56a840997eaa423c2ecc6d0f9b42bb14f576ba8a8eca5f1db5bef6c867\
         8105196e641c0044f4a1a3a25f90c6a5b2311b87677ae21638574f5dfdff183a17993eb1cdd896e7\
         5149f011fd64516027413449d795442b");
pub(super) const PS384: [u8; 256] =
    hex("0b5d83e9d99c4bee973c1956619326ce1bd5ae4532519268c0a6a150af3a3373017ffe1299bc8468\
         f7d85c38f9aaa8692bd72ee60abd499816a4132d26ed811b9e399f5bd6a54c42290c8480c7661323\
         804cc8180652e0691f1f09056c29c8bce30a18efa9245720d0b0d79a13f2eb01cfcfe985d82de42c\
         046a4cb58a1809268ceefe2809f879c771a41ad63e038a2c6e8e83772e4f194fa85cf01a252ac8ae\
         bfe16e7516e170ac66834950d5b6ad71ea252864799fdb41af8f7d11dceb944499cae5e64bd25904\
         07ed0628fd1c866a9eac72fb1ecde614b00499500c92bfdf1fa7cdc66d07d7ec430e03c1c144f568\
         fa9b4ce3ff9ee9d7afd96c443ea5282c");
pub(super) const PS512: [u8; 256] =
    hex("97989c8c6ccfa84968b5572b025ec29c78c87349ce9929fe3bc1b6e0ec9f604c1fcc17bad72e2935\
         32ecd4db8bae647683c7c0dd3d93e4c64458f05f12bae74266fc62170ec84cab7c4edfa4de49df51\
         1cce1b1a624accb34f9a6d4969f54ef6040f5f80009a2fc34037a5cfd23d521ac4350e4d6a46e758\
         056ff838ffeb6482af4daa779ab831c6d92f3083e2a8208398e88de5e38ec7f231033b0bcce0b328\
         c833a073b36124440ad2cda9d70b5092a47bafc2014e7ec0fa1cda4f398835fbd6a9c196310ed2a7\
         a0cf3a18350431cf5dfc52039cce48a95b2e78006454de298b71c4f28839316971cc732af0f4406f\
         138d10abed81ef55f069494935bcea7f");
pub(super) const RS256: [u8; 256] =
    hex("a7478e0976bf5c32a98923f124fbc95a3678f768c4bbd7e17c3f8494141bcaf90d0acffdf7f590b2\
         2619c4b1d47ee1bb1cf68a7fb47383a1f50b57e4c184d25389e1788d9d6bffbddb751bb3bf622969\
         7d7056738aec09f168135d2f507a9b36834226ad28408c248c93b0a27507a8413be336192e2824e3\
         40f2bc6d253f9a9feca91d22acd433ea8d7ddfaaff06f42ce8b02e1a3215919cbd57101ffd3eec47\
         f9af338e95d8ea2c2804bf46aca390d5855ef179542ceb17df96f878d81a41047c5b2f9914474e6a\
         b842e67782be58ca624d42ccf1f253ffc6c914776a9a503358d4ffb66ab928182803ce5254befdb2\
         27012c9ab94deb8eda9809d940f2bec1");
/// RFC 8554 appendix F, test case 1.
pub(super) const HSS_LMS_KEY: [u8; 60] =
    hex("00000002000000050000000461a5d57d37f5e46bfb7520806b07a1b850650e3b31fe4a773ea29a07\
         f09cf2ea30e579f0df58ef8e298da0434cb2b878");
pub(super) const HSS_LMS: &[u8] = include_bytes!("data/hss-lms.signature");
/// The second key of RFC 8032 7.4, signing by OpenSSL.
pub(super) const ED448_X: [u8; 57] =
    hex("43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802\
         b8438ea4cb82169c235160627b4c3a9480");
pub(super) const ED448: [u8; 114] =
    hex("cbefe093ec19537dbb56f4daeec0ae15396d6d98d0408152ff164cd0a17275b9ae692b3487281f60\
         738e2c8a86a1b942ed303d18a3c1a6a5809c76064cf4d062dcc75271c2e877f828957b1bb1a3040f\
         b181340e024f9dac6bbf4626f1d8005b98c24a2d22637348bd1863840f431ad83600");
/// ML-DSA keys whose seed counts from 0 to 31, signing deterministically.
pub(super) const ML_DSA_44_KEY: &[u8] = include_bytes!("data/ml-dsa-44.public");
pub(super) const ML_DSA_44: &[u8] = include_bytes!("data/ml-dsa-44.signature");
pub(super) const ML_DSA_65_KEY: &[u8] = include_bytes!("data/ml-dsa-65.public");
pub(super) const ML_DSA_65: &[u8] = include_bytes!("data/ml-dsa-65.signature");
pub(super) const ML_DSA_87_KEY: &[u8] = include_bytes!("data/ml-dsa-87.public");
pub(super) const ML_DSA_87: &[u8] = include_bytes!("data/ml-dsa-87.signature");
